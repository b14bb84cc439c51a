"""Reckoning for checks: a result, its formula written out with the numbers, and its basis."""
