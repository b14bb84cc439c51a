"""Golden sets and their scores."""
