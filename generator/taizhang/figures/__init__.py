"""Figures: what is counted in a period, how it is added up, and what an assessment makes of it."""
