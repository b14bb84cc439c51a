"""Sound becomes words, words become sound."""
