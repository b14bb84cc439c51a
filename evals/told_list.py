"""What an answer tells a visitor to bring, held line by line against a checklist: by name and number, not words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import takewhile
from typing import Literal

import yaml

from knowledge.checklist import Checklist, Line


@dataclass(frozen=True)
class Paper:
    """A material with how many of it."""

    name: str
    original: int
    copies: int

    def __str__(self) -> str:
        copies = f" + {self.copies} copies" if self.copies else ""
        return f"{self.name} ({self.original}{copies})"


@dataclass(frozen=True)
class Entry:
    """One line of a list: a paper to bring, papers of which one is enough, or one that nobody need bring."""

    kind: Literal["bring", "any_of", "shared"]
    label: str
    papers: tuple[Paper, ...]

    def __str__(self) -> str:
        return self.label if self.kind == "shared" else " | ".join(str(paper) for paper in self.papers)


@dataclass(frozen=True)
class Compared:
    missing: tuple[str, ...]
    """Entries of the checklist that were not told, or told with another number."""
    extra: tuple[str, ...]
    """Lines that were told, and stand for no entry of it."""


@cache
def words() -> dict[str, str]:
    return yaml.safe_load((files("evals") / "checklist_words.yaml").read_text("utf-8"))


def entries(checklist: Checklist) -> tuple[Entry, ...]:
    """What a complete checklist holds, each entry once."""
    found = (
        *(Entry("bring", line.name, (_paper(line),)) for line in checklist.lines),
        *(Entry("any_of", one.label, tuple(_paper(line) for line in one.lines)) for one in checklist.groups),
        *(Entry("shared", line.name, ()) for line in checklist.shared),
    )
    return tuple(dict.fromkeys(found))


def told_lines(text: str) -> tuple[str, ...] | None:
    """The lines of the list that an answer gives, without their bullets; None where it gives none."""
    lines = text.splitlines()
    begin = next((number for number, line in enumerate(lines, 1) if re.search(words()["head"], line)), None)
    if begin is None:
        return None
    bullet = re.compile(words()["line"])
    return tuple(bullet.sub("", line) for line in takewhile(bullet.match, lines[begin:]))


def compared(told: Sequence[str], expected: Sequence[Entry]) -> Compared:
    """A paper that is told twice in different words counts once: nobody brings it twice."""
    lacking, extra = list(expected), []
    for line in told:
        meant = [entry for entry in expected if tells(line, entry)]
        lacking = [entry for entry in lacking if entry not in meant]
        extra += [] if meant else [line]
    return Compared(tuple(str(entry) for entry in lacking), tuple(extra))


def tells(line: str, entry: Entry) -> bool:
    """Whether a told line stands for an entry: the same name, the same numbers, and no other condition."""
    said = words()
    if entry.kind == "shared":
        return line == entry.label + said["shared"]
    if entry.kind == "any_of":
        label, between, papers = line.partition(said["any_of"])
        return bool(between) and label == entry.label and _are_all(papers, entry.papers)
    (paper,) = entry.papers
    if re.search(said["open"], line) or not line.startswith(paper.name):
        return False
    match = re.fullmatch(f"(?:{said['counts']})?{said['behind']}", line.removeprefix(paper.name))
    return match is not None and _counts(match) == (paper.original, paper.copies)


def _are_all(text: str, papers: Sequence[Paper]) -> bool:
    """Whether alternatives are told with each of `papers` and nothing else; a name may hold the mark between them."""
    for paper in sorted(papers, key=lambda one: len(one.name), reverse=True):
        found = list(re.finditer(f"{re.escape(paper.name)}(?:{words()['counts']})?", text))
        match = next((one for one in found if _counts(one) == (paper.original, paper.copies)), None)
        if match is None:
            return False
        text = text[: match.start()] + text[match.end() :]
    return not text.strip("、")


def _counts(match: re.Match[str]) -> tuple[int, int]:
    """Without a number it is one original; with a number of copies alone, no original."""
    original, copies = match["original"], match["copies"]
    return int(original or (0 if copies else 1)), int(copies or 0)


def _paper(line: Line) -> Paper:
    return Paper(line.name, line.original or (0 if line.copies else 1), line.copies)


def labels(checklist: Checklist) -> Iterator[str]:
    """The answers that a checklist was built from, in the words of its options."""
    return (choice.label for choice in checklist.choices)
