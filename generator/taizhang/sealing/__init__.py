"""Sealing: contacts in a form that only the holder of the office's private key can read."""
