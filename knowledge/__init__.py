"""What the handbook says, and finding it."""
