"""Measurements. Figures are ratios within one run wherever two ways of doing a thing can stand side by side."""
