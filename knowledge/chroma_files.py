"""Check the files of an embedded Chroma before its engine reads them: some damage would end the process there.

What this cannot see: a file that is damaged while it is open, and wrong numbers inside a vector.
"""

from __future__ import annotations

import sqlite3
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

DATABASE = "chroma.sqlite3"
HEADER = struct.Struct("<iQQQQQQiI")
"""hnswlib: version, level-0 offset, capacity, count, bytes per element, label offset, data offset, top level, entry."""


@dataclass(frozen=True)
class Segment:
    """The numbers in the header of one HNSW graph."""

    count: int
    element: int
    label_at: int
    data_at: int
    top_level: int
    entry: int


def damage(folder: Path) -> str | None:
    """What is wrong with the files of the Chroma in `folder`, or None. An empty folder is whole."""
    database = folder / DATABASE
    graphs = sorted(folder.glob("*/header.bin"))
    if not database.exists() or not database.stat().st_size:
        return f"{folder}: vectors without their database" if graphs else None
    try:
        connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
        try:
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            connection.close()
        if verdict != "ok":
            return f"{database}: {verdict}"
        return next(filter(None, map(_segment_damage, graphs)), None)
    except (sqlite3.DatabaseError, OSError, ValueError, struct.error) as error:
        return f"{folder}: {error}"


def _segment_damage(header: Path) -> str | None:
    folder = header.parent
    fields = HEADER.unpack_from(header.read_bytes())
    segment = Segment(count=fields[3], element=fields[4], label_at=fields[5], data_at=fields[6],
                      top_level=fields[7], entry=fields[8])  # fmt: skip
    if not segment.count:
        return None
    if not 0 < segment.data_at < segment.label_at < segment.element or segment.entry >= segment.count:
        return f"{header}: numbers that do not fit together"
    sizes = {"data_level0.bin": segment.count * segment.element, "length.bin": segment.count * 4}
    for name, size in sizes.items():
        found = (folder / name).stat().st_size
        if found != size:
            return f"{folder / name}: {found} bytes, expected {size}"
    return _bad_links(folder / "data_level0.bin", segment) or _bad_upper_links(folder / "link_lists.bin", segment)


def _bad_links(file: Path, segment: Segment) -> str | None:
    """An element starts with how many neighbours it has on the ground level (uint16), then their numbers."""
    data = np.memmap(file, np.uint8, "r", shape=(segment.count, segment.element))
    links = data[:, : segment.data_at].copy().view("<u4")
    counts = links[:, 0] & 0xFFFF
    if counts.max() >= links.shape[1]:
        return f"{file}: more neighbours than fit"
    used = np.arange(1, links.shape[1]) <= counts[:, None]
    if (links[:, 1:][used] >= segment.count).any():
        return f"{file}: a neighbour that does not exist"
    return None


def _bad_upper_links(file: Path, segment: Segment) -> str | None:
    """For each element a size (uint32) and so many bytes of links on the levels above the ground."""
    data = file.read_bytes()
    at = 0
    for _ in range(segment.count):
        (size,) = struct.unpack_from("<I", data, at)
        at += 4 + size
    return None if at == len(data) else f"{file}: {len(data)} bytes, expected {at}"
