"""What a bulletin says: its columns, sentences, rows and files."""
