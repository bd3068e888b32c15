"""Intake: bytes in `submissions/` become records, or findings. Nothing submitted is trusted."""
