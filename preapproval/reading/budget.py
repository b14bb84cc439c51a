"""How large what is handed in may be, and what reading one file may cost."""

from __future__ import annotations

from dataclasses import dataclass

MOST_BYTES = 20 * 2**20
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 20_000
"""Pixels; also how large one page may be before anything is decoded."""
WIDEST = 6.0
"""Long side by short side. A strip costs the text detector minutes: 100 × 3000 px took 20 CPU-s unbounded."""
MOST_PAGES = 30
"""Pages read of one file; the rest is reported, not read."""
WORKING_SIDE = 3000
"""Pixels of the long side in which cards are looked for."""
PICTURE_SIDE = 2000
"""Pixels of the long side of a page's picture, in which it is read."""


@dataclass(frozen=True)
class Budget:
    """What one worker process may use."""

    seconds: float = 60.0
    """Of the processor, for one file: a busy machine costs no file its reading."""
    wall_seconds: float = 300.0
    """By the clock, for one file: what waits for ever uses no processor."""
    megabytes: int = 1200
    """Resident memory."""
    pages: int = 100
    """After so many, a fresh process takes its place."""
    start_seconds: float = 90.0
    """Until the models stand ready."""
