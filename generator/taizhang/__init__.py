"""Taizhang: a ledger of accident hazards, kept by pull request."""
