"""The first step: the question made plain and masked; what the hall does not answer ends here, kindly."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assistant.cleaning import clean, has_words, without_emoji
from assistant.language import HAN, Language, asked_for, language_of
from assistant.masking import mask
from assistant.replies import Replies
from assistant.screening import Group, Screening
from assistant.turn import Turn

_OPEN_NUMBER = re.compile(r"[\dA-Za-z\s.@-]+\Z")
_STOPS = "，。！？；：、,.!?;: "
_SPACE_BEFORE_STOP = re.compile(f" (?=[{_STOPS}])")
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True)
class Screen:
    """Sets `turn.text`, `turn.language`; ends the turn with a fixed reply, or hands a question on.

    The question itself is masked too: what a turn carries may be stored.
    """

    screening: Screening
    replies: Replies
    longest: int = 1000
    """In characters, as cleaned."""

    def __call__(self, turn: Turn) -> Turn:
        raw = turn.question.text
        cleaned = without_emoji(clean(raw[: 4 * self.longest]))
        too_long = len(cleaned) > self.longest or len(raw) > 4 * self.longest
        text = mask(cleaned).text
        if too_long:
            text = _OPEN_NUMBER.sub("", text[: self.longest])
        language = asked_for(turn.question.language) or language_of(text)
        turn = _with_text(turn, text, language)
        if too_long:
            return self._end(turn, "too_long")
        if not has_words(text):
            return self._end(turn, "unreadable" if "\ufffd" in raw else "empty")
        return self._screened(turn)

    def _screened(self, turn: Turn) -> Turn:
        question = " ".join(self.screening.payload.sub(" ", turn.text.lower()).split())
        stripped = question != " ".join(turn.text.lower().split())
        if stripped and not self._is_question(question):
            return self._end(turn, "attack")
        if stripped:
            turn = _with_text(turn, _without(self.screening.payload, turn.text), turn.language)
        lowered = turn.text.lower()
        if group := self.screening.first(lowered):
            return self._grouped(turn, group, lowered)
        if self.screening.gibberish.search(lowered) and not self.screening.matter.search(lowered):
            return self._end(turn, "unreadable")
        return turn

    def _grouped(self, turn: Turn, group: Group, lowered: str) -> Turn:
        if group.data.beside_question:
            rest = group.pattern.sub("", lowered)
            if after := self.screening.first(rest):
                return self._grouped(turn, after, rest)
            if self.screening.asks_something(rest):
                return _with_text(turn, _without(group.pattern, turn.text), turn.language)
        data = group.data
        return turn.ended(
            self.replies.answer(
                data.status, data.reason, turn.language, variant=data.variant, suggestions=group.suggestions(lowered)
            )
        )

    def _is_question(self, text: str) -> bool:
        """Enough words to mean something, whatever they mean."""
        return len(HAN.findall(text)) >= 3 or len(_WORD.findall(text)) >= 3

    def _end(self, turn: Turn, reason: str) -> Turn:
        return turn.ended(self.replies.answer("refused", reason, turn.language, limit=str(self.longest)))


def _with_text(turn: Turn, text: str, language: Language | str) -> Turn:
    return replace(turn, text=text, language=language, question=replace(turn.question, text=text))


def _without(pattern: re.Pattern[str], text: str) -> str:
    """`text` in its own case where lowering keeps every character in its place."""
    lowered = text.lower()
    if len(lowered) != len(text):
        return _joined([pattern.sub(" ", lowered)])
    kept, end = [], 0
    for match in pattern.finditer(lowered):
        kept.append(text[end : match.start()])
        end = match.end()
    return _joined([*kept, text[end:]])


def _joined(pieces: list[str]) -> str:
    return _SPACE_BEFORE_STOP.sub("", " ".join(" ".join(pieces).split())).lstrip(_STOPS)
