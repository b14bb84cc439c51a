"""The C library's memory: it keeps what models used while they loaded, once for each thread, unless it is asked."""

from __future__ import annotations

import ctypes
import logging

M_ARENA_MAX = -8
"""Of glibc's malloc.h."""

logger = logging.getLogger(__name__)


def share_memory_pools(most: int = 2) -> None:
    """Let threads share pools instead of each having its own; before threads are made. glibc only."""
    _call("mallopt", M_ARENA_MAX, most)


def give_back_memory() -> None:
    """Hand what is free back to the system, after something large was loaded. glibc only."""
    _call("malloc_trim", 0)


def _call(name: str, *arguments: int) -> None:
    try:
        getattr(ctypes.CDLL(None), name)(*arguments)
    except (OSError, AttributeError, TypeError):
        logger.debug("this C library has no %s", name)
