"""Disclosure: what of the ledger may be seen. Pages are built from these views and from nothing else."""
