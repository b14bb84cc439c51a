"""Hands rendered applications to the product's own reader and reviewer, as a visitor's files would come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from channels.reading_parts import open_reader, open_reviewer
from channels.settings import Settings
from evals.specimens.application import Application, File
from knowledge.catalogue import CatalogueMaterial
from knowledge.item import ServiceItem
from preapproval.case import Applicant, Case, HandedIn, ReadFile, Verdict
from preapproval.reading.reader import FileReader
from preapproval.reading.worker_reader import WorkerReader


class ReviewDesk:
    """One run's reviews. A file that several applications share is read once: a fault changes but some of its files."""

    def __init__(
        self, settings: Settings, items: Mapping[str, ServiceItem], materials: Iterable[CatalogueMaterial]
    ) -> None:
        known = {material.id: material for material in materials}
        self.items = items
        self.reviewer = open_reviewer(settings, lambda: known)
        self.reader: FileReader = open_reader(settings)
        self._read: dict[str, ReadFile] = {}

    def review(self, made: Application, *, say_slots: bool = True) -> Verdict:
        """`say_slots`: the visitor says for which line of the checklist each file is."""
        pairs = [(handed_in(file, say_slots=say_slots), file.data) for file in made.files]
        return self.reviewer.review(self.items[made.item], case_of(made), self.read(pairs))

    def read(self, pairs: list[tuple[HandedIn, bytes]]) -> list[ReadFile]:
        """In the order of `pairs`."""
        new = {file.sha256: (file, data) for file, data in pairs if file.sha256 not in self._read}
        todo = list(new.values())
        if isinstance(self.reader, WorkerReader):
            readings = self.reader.read_all(todo)
        else:
            readings = [self.reader.read(file, data) for file, data in todo]
        self._read |= {reading.read.file.sha256: reading.read for reading in readings}
        return [self._read[file.sha256].model_copy(update={"file": file}) for file, _ in pairs]

    def close(self) -> None:
        self.reader.close()


def case_of(made: Application) -> Case:
    return Case(
        item=made.item,
        choices=dict(made.choices),
        applicant=Applicant.model_validate(dict(made.applicant)),
        declared=dict(made.declared),
        received_at=datetime.fromisoformat(made.received_at),
    )


def handed_in(file: File, *, say_slots: bool = True) -> HandedIn:
    return HandedIn(name=file.name, sha256=file.sha256, size=len(file.data), slot=file.slot if say_slots else None)
