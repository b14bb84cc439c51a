"""Sampled answers as their page shows them, and what the sample says of all answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import BaseModel

from assistant.answer_figures import Estimate, agreement, estimate
from assistant.answer_labels import NOT_ANSWERED, Counted, Judgement, Label, Sampled
from knowledge.item import ServiceItem


class ItemView(BaseModel):
    id: str
    name: str
    """The id of an item that is in the handbook no more."""
    life_event: str | None


class CitationView(BaseModel):
    title: str
    quote: str


class JudgementView(BaseModel):
    label: Label
    who: str
    at: datetime
    """UTC."""
    right_item: ItemView | None
    should_say: str
    note: str


class AnswerView(BaseModel):
    """A question and its answer, without names and personal numbers."""

    id: str
    day: date
    terminal: str
    language: str
    status: str
    reason: str
    question: str
    meant: str
    """With follow-ups resolved; what was looked for."""
    before: str
    """The question before it in the conversation; empty for the first."""
    answer: str
    options: list[str]
    citations: list[CitationView]
    next_step: str
    item: ItemView | None
    second: bool
    """Whether two people judge it."""
    was_answered: bool
    """Else it cannot be one that should have been refused."""
    waiting: bool
    """Whether whoever asks is to judge it."""
    mine: JudgementView | None
    others: list[JudgementView]
    """Empty for whoever is still to judge."""


class AnswersView(BaseModel):
    answers: list[AnswerView]
    waiting: int
    """How many whoever asks is to judge, beyond those that are listed too."""


class ShareView(BaseModel):
    """From 0 to 1, with its interval of 95 %."""

    share: float
    low: float
    high: float


class EstimateView(BaseModel):
    key: str
    """Day of a Monday, kind of terminal, life event, or id of an item; empty where there is none."""
    name: str
    sampled: int
    judged: int
    gone: int
    """Deleted with their conversations before anybody judged them."""
    turns: float
    """Turns for which these rows stand."""
    covered: float
    """Share of these turns of which the judged rows tell something."""
    shares: dict[Label, ShareView] | None


class AgreementView(BaseModel):
    pairs: int
    same: float | None
    kappa: float | None
    """Cohen's."""


class AnswerFiguresView(BaseModel):
    since: date
    """A Monday."""
    overall: EstimateView
    by_week: list[EstimateView]
    by_terminal: list[EstimateView]
    by_event: list[EstimateView]
    by_item: list[EstimateView]
    agreement: AgreementView


@cache
def answer_words() -> dict[str, dict[str, str]]:
    return yaml.safe_load((files("channels") / "answer_words.yaml").read_text("utf-8"))


@dataclass(frozen=True)
class AnswerViews:
    """`items` of the live handbook, `people` as id -> name."""

    items: Mapping[str, ServiceItem]
    people: Mapping[str, str]

    def of(self, row: Sampled, staff: str) -> AnswerView:
        """As one person may see it."""
        shown, own, waiting = row.shown, row.own(staff), row.open_to(staff)
        others = [] if waiting else [self._judgement(one) for one in row.judgements if one is not own]
        return AnswerView(
            id=row.id, day=row.day, terminal=row.terminal, language=row.language, status=row.status, reason=row.reason,
            question=shown.question, meant=shown.meant, before=shown.before, answer=shown.answer,
            options=list(shown.options), next_step=shown.next_step,
            citations=[CitationView(title=title, quote=quote) for title, quote in shown.citations],
            item=self._item(row.item), second=row.second,
            was_answered=row.status not in NOT_ANSWERED, waiting=waiting, mine=self._judgement(own) if own else None,
            others=others,
        )  # fmt: skip

    def who(self, judgement: Judgement) -> str:
        return self.people.get(judgement.staff, judgement.staff)

    def _judgement(self, said: Judgement) -> JudgementView:
        return JudgementView(
            label=said.label, who=self.who(said), at=said.at, right_item=self._item(said.right_item),
            should_say=said.should_say, note=said.note,
        )  # fmt: skip

    def _item(self, item_id: str | None) -> ItemView | None:
        if item_id is None:
            return None
        item = self.items.get(item_id)
        return ItemView(
            id=item_id, name=item.name if item else item_id, life_event=item.life_event if item else None
        )  # fmt: skip

    def figures(self, rows: tuple[Counted, ...], since: date) -> AnswerFiguresView:
        """Weeks in order; all else by how many turns it stands for."""
        terminals = answer_words()["terminals"]
        return AnswerFiguresView(
            since=since,
            overall=_estimate("", "", estimate(rows)),
            by_week=sorted(self._grouped(rows, lambda row: str(row.week)), key=lambda one: one.key),
            by_terminal=self._grouped(rows, lambda row: row.terminal, lambda key: terminals.get(key, key)),
            by_event=self._grouped(rows, self._event),
            by_item=self._grouped(rows, lambda row: row.item or "", self._name),
            agreement=AgreementView(**vars(agreement(rows))),
        )

    def _grouped(
        self, rows: Iterable[Counted], key: Callable[[Counted], str], name: Callable[[str], str] = str
    ) -> list[EstimateView]:
        groups = defaultdict[str, list[Counted]](list)
        for row in rows:
            groups[key(row)].append(row)
        views = [_estimate(one, name(one), estimate(group)) for one, group in groups.items()]
        return sorted(views, key=lambda one: (-one.turns, one.key))

    def _event(self, row: Counted) -> str:
        item = self.items.get(row.item or "")
        return item.life_event or "" if item else ""

    def _name(self, item_id: str) -> str:
        item = self.items.get(item_id)
        return item.name if item else item_id


def _estimate(key: str, name: str, found: Estimate) -> EstimateView:
    counted: dict[str, Any] = {**vars(found), "shares": None}
    if found.shares is not None:
        counted["shares"] = {label: ShareView(**vars(share)) for label, share in found.shares.items()}
    return EstimateView(key=key, name=name, **counted)
