"""A stranger's handbook: office files, pages and texts become items and passages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge.guide_table import slug, understand
from knowledge.item import ServiceItem
from knowledge.passage import Passage
from knowledge.reading.csv import read_csv
from knowledge.reading.document import MAX_BYTES, Damaged, Document
from knowledge.reading.docx import read_docx
from knowledge.reading.html import read_html
from knowledge.reading.md import read_md
from knowledge.reading.pdf import read_pdf
from knowledge.reading.txt import read_txt
from knowledge.reading.xlsx import read_xlsx
from knowledge.source_lines import UnreadableFile

READERS: dict[str, Callable[[Path], Document]] = {
    ".csv": read_csv,
    ".docx": read_docx,
    ".docm": read_docx,
    ".htm": read_html,
    ".html": read_html,
    ".markdown": read_md,
    ".md": read_md,
    ".pdf": read_pdf,
    ".tsv": read_csv,
    ".txt": read_txt,
    ".xlsm": read_xlsx,
    ".xlsx": read_xlsx,
}

OLD_FORMATS: dict[str, str] = {
    ".doc": "docx", ".dot": "docx", ".wps": "docx", ".rtf": "docx", ".odt": "docx", ".ofd": "pdf",
    ".xls": "xlsx", ".et": "xlsx", ".ods": "xlsx", ".xlsb": "xlsx", ".ppt": "pdf", ".pptx": "pdf", ".dps": "pdf",
}  # fmt: skip
"""Formats that an office program can save as one that is read."""

IMAGES = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".gif", ".webp"}
LEFT_OUT = re.compile(r"^(\.|~\$|~|Thumbs\.db$|desktop\.ini$|__MACOSX$)", re.I)
"""Hidden files, and those that Office and file managers leave behind."""


@dataclass(frozen=True)
class Reading:
    """What one file says."""

    items: tuple[ServiceItem, ...]
    passages: tuple[Passage, ...]
    notes: tuple[str, ...] = ()
    """Sentences on what was left out."""


@dataclass(frozen=True)
class Unreadable:
    """A file that could not be read, and why, in one sentence."""

    reason: str


def read_file(path: Path, root: Path) -> Reading:
    """Read one file; sources are told relative to `root`. Raises UnreadableFile with a sentence for who gave it."""
    source = path.relative_to(root).as_posix() if path.is_relative_to(root) and path != root else path.name
    try:
        reader = READERS.get(path.suffix.lower())
        _check(path, reader is not None)
        assert reader is not None
        found = understand(reader(path), source, path.stem)
    except Damaged as error:
        raise UnreadableFile(f"{source}: {error}.") from error
    except (MemoryError, RecursionError) as error:
        raise UnreadableFile(f"{source}: it is nested too deeply or too large to read.") from error
    except OSError as error:
        raise UnreadableFile(f"{source}: it cannot be opened ({error.strerror}).") from error
    if not found.items and not found.passages:
        raise UnreadableFile(f"{source}: no text was found in it.")
    return Reading(tuple(found.items), tuple(dict.fromkeys(found.passages)), tuple(found.notes))


def _check(path: Path, known: bool) -> None:
    suffix = path.suffix.lower()
    size = path.stat().st_size
    if suffix in OLD_FORMATS:
        raise Damaged(f"{suffix} files are not read; save it as {OLD_FORMATS[suffix]} first")
    if suffix in IMAGES:
        raise Damaged("it is a picture; its text needs OCR first")
    if not known:
        raise Damaged(f"files of type {suffix or '(none)'} are not read; known are {', '.join(sorted(READERS))}")
    if size == 0:
        raise Damaged("it is empty (0 bytes)")
    if size > MAX_BYTES:
        raise Damaged(f"it has {size / 1024**2:.0f} MB, more than {MAX_BYTES // 1024**2} MB")


def read_path(path: Path) -> Iterator[tuple[str, Reading | Unreadable]]:
    """Read a file or every file of a folder in order; a bad file is told and does not stop the rest."""
    root = path if path.is_dir() else path.parent
    taken: list[str] = []
    for file in _files(path):
        source = file.relative_to(root).as_posix()
        try:
            reading = _with_own_ids(read_file(file, root), taken)
        except UnreadableFile as error:
            yield source, Unreadable(str(error))
            continue
        taken += [item.id for item in reading.items]
        yield source, reading


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for file in sorted(path.rglob("*")):
        inner = file.relative_to(path).parts
        if file.is_file() and not any(LEFT_OUT.match(part) for part in inner):
            yield file


def _with_own_ids(reading: Reading, taken: list[str]) -> Reading:
    """Items whose ids another file has taken get the next free ones."""
    items: list[ServiceItem] = []
    for item in reading.items:
        used = {*taken, *(other.id for other in items)}
        items.append(item if item.id not in used else item.model_copy(update={"id": slug(item.name, used)}))
    return replace(reading, items=tuple(items))
