"""Checks: what a schema cannot say. One small function a rule; its docstring is the rule in one sentence."""
