"""Documents that are nobody's: marked 样本, each value's place known; spoiled in known ways, faults planted."""

from __future__ import annotations

from evals.specimens.render import kinds, render, sides
from evals.specimens.specimen import Label, Seen, Specimen

__all__ = ["Label", "Seen", "Specimen", "kinds", "render", "sides"]
