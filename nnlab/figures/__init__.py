"""Figures, one kind per file; each function returns a Matplotlib figure and draws on no screen."""
