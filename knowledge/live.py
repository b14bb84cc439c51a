"""The library that answers now: follows the store, loads a new version aside, hides removed entries at once."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, replace

from knowledge.index import Index
from knowledge.library import Library, load_library
from knowledge.store import HandbookStore

logger = logging.getLogger(__name__)

CHECK_EVERY_S = 0.1
"""How old the knowledge of the live version may be; another process may have ingested."""


@dataclass(frozen=True)
class Live:
    library: Library
    hidden: frozenset[str] = frozenset()
    """Entries (item ids, document files) that were removed since the library was loaded."""


class LiveLibrary:
    """Hands out the current library without ever making a question wait for a reload."""

    def __init__(self, store: HandbookStore, index: Index) -> None:
        self._store, self._index = store, index
        self._live = Live(load_library(store, index))
        self._lock = threading.Lock()
        self._checked = time.monotonic()
        self._seen = self._live.library.version
        self._loader: threading.Thread | None = None

    def current(self) -> Live:
        now = time.monotonic()
        if now - self._checked >= CHECK_EVERY_S:
            self._checked = now
            if self._store.version() != self._seen:
                self._follow()
        return self._live

    def reload(self) -> Library:
        """Load now and wait for it."""
        library = load_library(self._store, self._index)
        with self._lock:
            self._live, self._seen = Live(library), library.version
        return library

    def _follow(self) -> None:
        with self._lock:
            version = self._store.version()
            if version == self._seen:
                return
            self._seen = version
            live_ids = self._store.passage_ids()
            entries = {entry for _, entry in self._store.hashes()}
            gone = {p.item or p.source for p in self._live.library.passages if p.id not in live_ids} - entries
            self._live = replace(self._live, hidden=frozenset(gone))
            if self._loader is None or not self._loader.is_alive():
                self._loader = threading.Thread(target=self._load, name="library", daemon=True)
                self._loader.start()

    def _load(self) -> None:
        while True:
            library = load_library(self._store, self._index)
            with self._lock:
                self._live = Live(library)
                if library.version >= self._seen:
                    logger.info("handbook version %d is live", library.version)
                    return
