"""Figures, times and HTML: the same in every output."""
