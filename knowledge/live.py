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

    def __init__(self, store: HandbookStore, index: Index, fingerprint: str) -> None:
        self._store, self._index, self._fingerprint = store, index, fingerprint
        self._live = Live(self._library())
        self._lock = threading.Lock()
        self._checked = time.monotonic()
        self._seen = self._live.library.version
        self._loading = False

    def current(self) -> Live:
        now = time.monotonic()
        if now - self._checked >= CHECK_EVERY_S:
            self._checked = now
            if self._store.version() != self._seen:
                self._follow()
        return self._live

    def reload(self) -> Library:
        """Load now and wait for it."""
        library = self._library()
        with self._lock:
            self._live, self._seen = Live(library), library.version
        return library

    def _library(self) -> Library:
        return load_library(self._store, self._index, self._fingerprint)

    def _follow(self) -> None:
        """Hide at once what was removed, and have the new version loaded aside."""
        with self._lock:
            version = self._store.version()
            if version == self._seen:
                return
            self._seen = version
            self._live = self._without_removed(self._live.library)
            if not self._loading:
                self._loading = True
                threading.Thread(target=self._load, name="library", daemon=True).start()

    def _without_removed(self, library: Library) -> Live:
        live_ids = self._store.passage_ids()
        entries = {entry for _, entry in self._store.hashes()}
        gone = {p.entry for p in library.passages if p.id not in live_ids} - entries
        items = {name: item for name, item in library.items.items() if name not in gone}
        return Live(replace(library, items=items), frozenset(gone))

    def _load(self) -> None:
        while True:
            try:
                library = self._library()
            except Exception:  # the old version goes on answering, and the next question tries again
                logger.exception("a new version of the handbook could not be loaded")
                with self._lock:
                    self._loading, self._seen = False, self._live.library.version
                return
            with self._lock:
                if library.version >= self._seen:
                    self._live, self._seen, self._loading = Live(library), library.version, False
                    logger.info("handbook version %d is live", library.version)
                    return
