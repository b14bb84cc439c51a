"""A breaker before something that fails for a while: it is left alone, then tried once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Breaker:
    """Opens after `limit` failures in a row; then lets one call through per `rest_s`, until one succeeds."""

    def __init__(self, limit: int = 2, rest_s: float = 60.0, clock: Callable[[], float] = time.monotonic) -> None:
        self.limit, self.rest_s, self.clock = limit, rest_s, clock
        self._failures = 0
        self._rests_until = 0.0
        self._lock = threading.Lock()

    @property
    def open(self) -> bool:
        return self._failures >= self.limit

    def allows(self) -> bool:
        """Whether to call now. Who is let through must say how it went."""
        with self._lock:
            if not self.open:
                return True
            if self.clock() < self._rests_until:
                return False
            self._rests_until = self.clock() + self.rest_s
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            self._rests_until = self.clock() + self.rest_s
