"""Papers to applicants, from receipt to delivery: one content, laid out once, drawn as HTML, Word and PDF.

What they must contain: 行政许可法 §32 (acceptance, refusal, one correction), §38 (decision), §42 (extension),
行政复议法 §20 and 行政诉讼法 §46 (remedy). notices/ holds their texts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from preapproval.case import Value
from preapproval.notice_blocks import Block, Heading, NewPage, Sign, Table, Text, Title
from preapproval.notice_words import Decision, long_day, notice_words, title_of

Mark = Literal["", "sample", "draft"]
NEEDS_FINDINGS = frozenset({"correction_notice", "gap_notice"})
NEEDS_REASON = frozenset({"refusal_notice", "extension_notice", "not_granted", "ended"})


class NoticeRefused(ValueError):
    """`code` is `unknown_notice`, or the guard of the sign-off that should have held; reasons.yaml has its sentence."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Told(Value):
    """One thing that the applicant is told to correct."""

    material: str
    wrong: str
    standard: str = ""
    remedy: str = ""
    basis: str = ""


class HandedInLine(Value):
    name: str
    count: int


class Paper(Value):
    """A paper that was issued before."""

    title: str
    number: str
    issued: date
    read: str = ""
    """When the applicant opened it, in words."""


class NoticeValues(Value):
    """Everything that a paper may say. Numbers are masked already; text is as people read it."""

    authority: str
    applicant: str
    applicant_number: str = ""
    company: str = ""
    agent: str = ""
    phone: str = ""
    item: str
    item_code: str = ""
    permit: bool
    """An administrative licence (行政许可): others follow the same law only in kind."""
    by_law: str
    application: str
    received: date | None = None
    round: int = 1
    handed_in: tuple[HandedInLine, ...] = ()
    findings: tuple[Told, ...] = ()
    hints: tuple[Told, ...] = ()
    may_follow: tuple[str, ...] = ()
    promise_instead: tuple[str, ...] = ()
    tell_by: date | None = None
    correct_by: date | None = None
    decide_by: date | None = None
    gap_until: date | None = None
    reason: str = ""
    result: str = ""
    validity: str = ""
    papers: tuple[Paper, ...] = ()
    online: str = ""
    office: str = ""
    """Where to hand in on paper: name, address, hours."""
    officer: str = ""
    office_phone: str = ""
    hotline: str = "12345"
    decision: Decision | None = None
    """Of a decision notice."""


class Notice(Value):
    """A paper as it is drawn. The same values, number and day always make the same."""

    kind: str
    title: str
    number: str
    authority: str
    issued: date
    mark: str = ""
    """Words across the top of what is no valid paper: a sample, a draft."""
    blocks: tuple[Block, ...]

    @property
    def sha256(self) -> str:
        """Of its content, whatever it is drawn as."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


def make_notice(kind: str, values: NoticeValues, number: str, issued: date, mark: Mark = "") -> Notice:
    """Lay out one paper. Raises NoticeRefused where it would say nothing."""
    words = notice_words()
    if kind not in words["titles"]:
        raise NoticeRefused("unknown_notice")
    decision = (values.decision or "granted") if kind == "decision_notice" else None
    form, title = decision or kind, title_of(kind, decision, permit=values.permit)
    _check(form, values)
    text = _text(form)
    given = {**{name: getattr(values, name) for name in NoticeValues.model_fields}, "issued": issued, "paper": title}
    given["seal"] = text["seal"]
    blocks = tuple(_blocks(text["blocks"], given))
    shown = words["marks"][mark] if mark else ""
    return Notice(
        kind=kind, title=title, number=number, authority=values.authority, issued=issued, mark=shown, blocks=blocks
    )


def is_sample(values: NoticeValues) -> bool:
    """Whether the hall or the applicant is an invented one."""
    word = notice_words()["marks"]["sample_word"]
    return word in values.authority or word in values.applicant


def _check(form: str, values: NoticeValues) -> None:
    if form in NEEDS_FINDINGS and not values.findings:
        raise NoticeRefused("something_to_correct")
    if form in NEEDS_REASON and not values.reason.strip():
        raise NoticeRefused("reason_given")


@cache
def _text(name: str) -> dict[str, Any]:
    return yaml.safe_load((files("preapproval") / "notices" / f"{name}.yaml").read_text("utf-8"))


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    """Plain text: escaping is up to what draws it."""
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    environment.filters["day"] = long_day
    return environment


def _fill(text: str, given: Mapping[str, Any]) -> str:
    return _environment().from_string(str(text)).render(given).strip(" \n\r\t")


def _blocks(written: list[dict[str, Any]], given: Mapping[str, Any]) -> Iterator[Block]:
    for one in written:
        if "use" in one:
            yield from _blocks(_text("parts")[one["use"]], given)
        elif "page" in one:
            yield NewPage()
        elif "table" in one:
            yield from _table(one, given)
        elif "facts" in one or "record" in one:
            yield from _facts(one, given)
        elif "sign" in one:
            yield Sign(lines=tuple(line for text in one["sign"] if (line := _fill(text, given))))
        elif "title" in one:
            yield Title(text=_fill(one["title"], given))
        elif "heading" in one:
            yield Heading(text=_fill(one["heading"], given))
        else:
            yield from _paragraphs(one, given)


def _paragraphs(one: dict[str, Any], given: Mapping[str, Any]) -> Iterator[Block]:
    """Line breaks in what an officer wrote begin a new paragraph."""
    for line in _fill(one["text"], given).splitlines():
        if line.strip():
            yield Text(text=line.strip(), style=one.get("style", "body"))


def _facts(one: dict[str, Any], given: Mapping[str, Any]) -> Iterator[Block]:
    """Names with their values; rows of a record are filled in by hand, and stay where they are empty."""
    rows = [(_fill(label, given), _fill(value, given)) for label, value in one.get("facts") or one["record"]]
    kept = tuple(row for row in rows if row[1] or "record" in one)
    if kept:
        yield Table(widths=(1, 3.4), rows=kept, label_column=True)


def _table(one: dict[str, Any], given: Mapping[str, Any]) -> Iterator[Block]:
    columns = one["columns"]
    rows = tuple(
        tuple(_fill(column["cell"], {**given, "one": row, "n": place}) for column in columns)
        for place, row in enumerate(given[one["table"]], 1)
    )
    if rows:
        header = tuple(_fill(column["title"], given) for column in columns)
        yield Table(header=header, widths=tuple(column["width"] for column in columns), rows=rows)
