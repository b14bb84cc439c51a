"""One pre-review of one stored case: files from the vault are read once, judged, and the verdict is kept."""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from channels.reading_parts import engine_of
from channels.wiring import Product
from preapproval.case import HandedIn, ReadFile
from preapproval.case_files import CaseFiles, StoredFile
from preapproval.case_runs import CaseRuns, SavedVerdict
from preapproval.file_vault import FileMissing, FileVault
from preapproval.reading.reader import FileReader, Reading
from preapproval.review import Reviewer

AT_ONCE = 2
"""Files of one case that wait for a reader at the same time."""
OURS = ("reader_failed", "timed_out", "out_of_memory")
"""Problems that another try may not have: such readings are not kept."""

logger = logging.getLogger(__name__)


class ItemGone(LookupError):
    """The handbook no longer has the item of a case."""


class CaseReviews:
    def __init__(
        self,
        product: Product,
        files: CaseFiles,
        runs: CaseRuns,
        vault: FileVault,
        reader: FileReader,
        reviewer: Reviewer,
    ) -> None:
        self.product, self.files, self.runs, self.vault = product, files, runs, vault
        self.reader, self.reviewer = reader, reviewer
        told = json.dumps(engine_of(product.settings.ocr), sort_keys=True)
        self.engine = hashlib.sha256(told.encode()).hexdigest()
        self._progress: dict[str, tuple[int, int]] = {}
        self._lock = threading.Lock()

    def progress(self, case_id: str) -> tuple[int, int] | None:
        """Files read and files of the case, while this process reads them."""
        return self._progress.get(case_id)

    def review(self, case_id: str) -> SavedVerdict:
        """Read what was not read before, and judge. Raises ItemGone, and what the database raises."""
        given = self.runs.input(case_id)
        item = self.product.live.current().library.items.get(given.row.item)
        if item is None:
            raise ItemGone(given.row.item)
        reads = self.read(case_id, given.files)
        return self.runs.save(given, self.reviewer.review(item, given.case, reads, given.corrections))

    def kept(self, case_id: str, file: HandedIn) -> tuple[ReadFile, dict[str, str]] | None:
        """What was read on a file before, under the name and for the requirement of this round."""
        found = self.files.reading(case_id, file.sha256, self.engine)
        return None if found is None else (found[0].model_copy(update={"file": file}), found[1])

    def read(self, case_id: str, files: Iterable[StoredFile]) -> list[ReadFile]:
        """In the order of `files`."""
        files = list(files)
        self._progress[case_id] = (0, len(files))
        try:
            with ThreadPoolExecutor(AT_ONCE, "case-files") as pool:
                return list(pool.map(lambda file: self._read_one(case_id, file), files))
        finally:
            self._progress.pop(case_id, None)

    def _read_one(self, case_id: str, stored: StoredFile) -> ReadFile:
        kept = self.kept(case_id, stored.file)
        read = kept[0] if kept else self._read_now(case_id, stored)
        with self._lock:
            done, total = self._progress.get(case_id, (0, 1))
            self._progress[case_id] = (done + 1, total)
        return read

    def _read_now(self, case_id: str, stored: StoredFile) -> ReadFile:
        try:
            data = self.vault.get(case_id, stored.ref)
        except FileMissing:
            logger.exception("a file of case %s is not there", case_id)
            return ReadFile(file=stored.file, problem="reader_failed", detail="missing")
        reading = self.reader.read(stored.file, data)
        if reading.read.problem not in OURS:
            self._keep(case_id, reading)
        return reading.read

    def _keep(self, case_id: str, reading: Reading) -> None:
        pictures = {
            f"{ref.number}.{ref.part}": self.vault.put(case_id, picture) for ref, picture in reading.pictures.items()
        }
        self.files.save_reading(case_id, reading.read, self.engine, pictures)
