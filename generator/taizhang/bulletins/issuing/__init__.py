"""Bulletins against the history: drafted from a commit of main, verified from the commit that they cite."""
