"""Ledgers that already exist as workbooks become records; records become workbooks again."""
