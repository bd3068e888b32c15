"""The ledger: what the records of one campaign say at one date. Pure: no file, no clock, no Git."""
