"""A whole application as files: what a visitor would hand in for an item, and the truth about it beside."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image

from evals.specimens.degrade import degrade
from evals.specimens.faults import expected, planted
from evals.specimens.pdf import scan_pdf, text_pdf
from evals.specimens.plan import Paper, Plan, declared_of, plan
from evals.specimens.render import render
from evals.specimens.specimen import Specimen


@dataclass(frozen=True)
class File:
    """One file as it is handed in, and what is on its pages."""

    name: str
    data: bytes
    slot: str
    kind: str
    pages: tuple[Specimen, ...]
    paper: int = 0
    """Files of one paper have one number."""
    faulty: bool = False
    """Whether the planted fault is on it."""

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class Application:
    item: str
    seed: str
    fault: str | None
    degradation: str | None
    choices: Mapping[str, str]
    applicant: Mapping[str, str]
    declared: Mapping[str, str | float | bool]
    received_at: str
    files: tuple[File, ...]


def application(
    item: str, seed: int | str, *, fault: str | None = None, degradation: str | None = None
) -> Application | None:
    """The same for the same arguments; None where the item cannot have the fault. Raises KeyError."""
    made = planted(item, seed, fault)
    if made is None:
        return None
    one = made.story.applicant
    shop = made.terms.get("business", False)
    return Application(
        item,
        str(seed),
        fault,
        degradation,
        dict(made.choices),
        {
            "name": one.name,
            "number": one.number,
            "phone": one.phone,
            "address": made.story.company.address if shop else one.address,
            **({"company": made.story.company.name} if shop else {}),
        },
        declared_of(made),
        f"{made.story.today.isoformat()}T09:30:00+08:00",
        tuple(_files(made, plan(item, seed) if fault else made, degradation)),
    )


def folder(out_dir: Path, item: str, seed: int | str, fault: str | None = None, degradation: str | None = None) -> None:
    """Write the files and truth.json. Raises KeyError for what is unknown, ValueError where a fault cannot be."""
    made = application(item, seed, fault=fault, degradation=degradation)
    if made is None:
        raise ValueError(f"{item} has no paper that can have the fault {fault}")
    out_dir.mkdir(parents=True, exist_ok=True)
    for file in made.files:
        (out_dir / file.name).write_bytes(file.data)
    text = json.dumps(truth(made), ensure_ascii=False, indent=1)
    (out_dir / "truth.json").write_text(text + "\n", encoding="utf-8")


def truth(made: Application) -> dict[str, Any]:
    """What was handed in and what the review is to say, as plain data."""
    wanted = expected().get(made.fault or "")
    return {
        "item": made.item,
        "seed": made.seed,
        "fault": made.fault,
        "degradation": made.degradation,
        "choices": dict(made.choices),
        "applicant": dict(made.applicant),
        "declared": dict(made.declared),
        "received_at": made.received_at,
        "expected": wanted and {"expect": wanted.expect, "rules": wanted.rules, "statuses": wanted.statuses},
        "files": [
            {
                "name": file.name,
                "slot": file.slot,
                "kind": file.kind,
                "pages": [
                    {
                        "side": page.side,
                        "fields": {
                            name: {"value": label.value, "quad": label.quad, "hand": label.hand}
                            for name, label in page.fields.items()
                        },
                        "marks": [{"kind": mark.kind, "quad": mark.quad} for mark in page.marks],
                    }
                    for page in file.pages
                ],
            }
            for file in made.files
        ],
    }


def _files(made: Plan, clean: Plan, degradation: str | None) -> Iterator[File]:
    number = 0
    for at, paper in enumerate(made.papers):
        pages = [_page(paper, side, f"{made.item}-{made.seed}-{at}", degradation) for side in paper.sides]
        for data, ending, on in _taken(paper, pages, degradation):
            number += 1
            name = f"IMG_20260601_{number:04}.{ending}"
            yield File(name, data, paper.slot, paper.kind, tuple(on), at, paper != clean.papers[at])


def _page(paper: Paper, side: str, seed: str, degradation: str | None) -> Specimen:
    page = render(paper.kind, paper.values, side=side, seed=seed, leave_out=paper.leave_out)
    for name, strength in paper.spoiled:
        page = degrade(page, name, strength, seed)
    taken = paper.taken != "text_pdf" and not paper.spoiled
    return degrade(page, degradation, 1, f"{seed}-{side}") if degradation and taken else page


def _taken(
    paper: Paper, pages: Sequence[Specimen], degradation: str | None
) -> Iterator[tuple[bytes, str, Sequence[Specimen]]]:
    """Bytes, ending and pages of each file that the paper became."""
    if paper.taken == "text_pdf" and not degradation and not paper.spoiled:
        yield text_pdf(pages), "pdf", pages
    elif paper.taken in ("scan", "text_pdf"):
        yield scan_pdf(pages), "pdf", pages
    elif paper.taken == "one_page" and len(pages) == 2:
        sheet = on_one_page(pages, Random(str(paper.values)))  # noqa: S311
        yield _jpeg(sheet.image), "jpg", [sheet]
    else:
        for page in pages:
            yield _jpeg(page.image), "jpg", [page]


def on_one_page(pages: Sequence[Specimen], rng: Random) -> Specimen:
    """Both sides of a card copied onto one sheet of A4, one below the other."""
    image = Image.new("RGB", (1654, 2339), "#fcfcfa")
    fields, marks, top = {}, [], 320
    for page in pages:
        left = (image.width - page.image.width) // 2 + rng.randint(-60, 60)
        image.paste(page.image, (left, top))
        moved = page.shifted(left, top)
        fields |= moved.fields
        marks += moved.marks
        top += page.image.height + 260
    return Specimen(image, fields, pages[0].kind, None, tuple(marks), pages[0].degraded)


def _jpeg(image: Image.Image) -> bytes:
    packed = BytesIO()
    image.convert("RGB").save(packed, "JPEG", quality=88)
    return packed.getvalue()
