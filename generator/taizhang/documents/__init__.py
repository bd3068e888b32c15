"""Official documents as values, and their layout as DOCX, PDF and sheets. Knows nothing of hazards."""
