"""The figures of the hall's day, as the wall shows them; from the database, so that every process shows the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from assistant.conversations import Asked, Conversations, DayCounts
from assistant.masking import PLACEHOLDERS, mask
from assistant.name_masking import SURNAMES
from knowledge.library import Library

Figures = dict[str, Any]

CONCLUDED = frozenset(("answered", "no_basis", "handoff", "refused", "error"))
"""How a question ends; `clarify` and `guide` ask back, and small talk is no question."""
REFERRED = frozenset(("no_basis", "handoff"))
"""Questions that windows and the hotline take on."""
HOT, LAST = 8, 4
LONGEST = 36
"""Characters of a question that a wall shows; stories stay between visitor and terminal."""
PERSONAL = re.compile(
    r"[\[［]|\d{5}|我叫|我姓|(?:姓名|名字|名)[是叫为：:]|叫做|先生|女士|小姐|师傅|某|[路街巷弄村]\d+号|\d+[幢栋室]|"
    rf"(?:^|[，,。、\s我是替帮给和跟])[{SURNAMES}][一-龥]{{1,2}}(?:的|要|想|是|在|住|今年|，|,)|"
    r"\b(?:my name|i am|i'm|mr|mrs|ms|herr|frau|ich bin|ich heiße)\b|と申します|といいます|さん",
    re.IGNORECASE,
)
"""What may introduce a name, an address or a number. A wall leaves out too much rather than too little."""


class DayFigures:
    """Figures of today; read anew only where the day's turns changed."""

    def __init__(
        self, conversations: Conversations, library: Callable[[], Library], today: Callable[[], date] = date.today
    ) -> None:
        self.conversations, self.library, self.today = conversations, library, today
        self._of: object = None
        self._figures: Figures = {}

    def __call__(self) -> Figures:
        day, library = self.today(), self.library()
        of = (day, library.version, self.conversations.mark(day))
        if of != self._of:
            self._figures, self._of = figures(day, self.conversations.day(day), library), of
        return self._figures


def figures(day: date, counts: DayCounts, library: Library) -> Figures:
    asked = [tally for tally in counts.tallies if tally.status != "small_talk"]
    by_hour, by_status, by_item = Counter[int](), Counter[str](), Counter[str]()
    for tally in asked:
        by_hour[tally.hour] += tally.turns
        by_status[tally.status] += tally.turns
        if tally.item in library.items:
            by_item[tally.item] += tally.turns
    return {
        "day": day.isoformat(),
        "conversations": sum(tally.conversations for tally in counts.tallies),
        "questions": by_status.total(),
        "answered": by_status["answered"],
        "concluded": sum(by_status[status] for status in CONCLUDED),
        "referred": sum(by_status[status] for status in REFERRED),
        "by_hour": [by_hour[hour] for hour in range(24)],
        "hot": [
            {"item": item, "name": library.items[item].name, "questions": number}
            for item, number in sorted(by_item.items(), key=lambda one: (-one[1], one[0]))[:HOT]
        ],
        "last": list(_last(counts.answered, library)),
    }


def _last(answered: Iterable[Asked], library: Library) -> list[dict[str, str]]:
    """Each question once, newest first."""
    shown: dict[str, dict[str, str]] = {}
    for one in answered:
        if one.item in library.items and is_public(one.question):
            told = {
                "at": f"{one.at.astimezone():%H:%M}",
                "question": one.question,
                "item": library.items[one.item].name,
            }
            shown.setdefault(one.question, told)
    return list(shown.values())[:LAST]


def is_public(question: str) -> bool:
    """Whether a stored question may stand on a wall: short, and nothing in it that may tell who asked."""
    if len(question) > LONGEST or PERSONAL.search(question) or any(mark in question for mark in PLACEHOLDERS.values()):
        return False
    return not mask(question).found
