"""Ledgers that already exist as workbooks, read into the data of records: bytes → grid → table → one draft a row."""
