"""Which kind of material a page is: weighted words of kinds.yaml, and a little of what is seen. In doubt it asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from rapidfuzz import fuzz

from preapproval.case import Page
from preapproval.extract.flow import Box, Flow, flow_of
from preapproval.extract.numbers import find_bank_cards, find_credit_codes, find_disability_numbers, find_id_numbers
from preapproval.folding import squeezed
from preapproval.kinds import Kind, load_kinds
from preapproval.portraits import is_portrait

UNKNOWN = "unknown"
TITLE = 5.0
"""Words of this weight are titles: they count in full in a heading, and in running text a quarter."""
_ENOUGH, _CLEAR = 5.0, 0.22
"""Least score of a kind, and least margin before the next one."""
_LIKELY = 3


@dataclass(frozen=True)
class Guess:
    """The kind and its sides on the page. `kind` is `unknown` and `likely` names what to ask, where it is not clear."""

    kind: str
    sides: tuple[str, ...] = ()
    margin: float = 0.0
    likely: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Seen:
    """A page as the classifier sees it."""

    text: str
    """Squeezed, without line breaks."""
    lines: tuple[str, ...]
    headings: tuple[str, ...]


def classify(page: Page, kinds: Mapping[str, Kind] | None = None) -> Guess:
    kinds = kinds or load_kinds()
    flow = flow_of(page)
    if is_portrait(flow.text, page.marks, page.width, page.height):
        return Guess("photo", margin=1.0)
    scores = scores_of(page, flow, kinds)
    ranked = sorted(scores, key=lambda kind: -scores[kind])
    best, second = ranked[:2]
    margin = _margin(scores[best], scores[second])
    likely = tuple(kind for kind in ranked[:_LIKELY] if scores[kind] > 0.5)
    if scores[best] < _ENOUGH or margin < _CLEAR:
        return Guess(UNKNOWN, (), margin, likely)
    return Guess(best, sides_of(flow, kinds[best]), margin, likely)


def scores_of(page: Page, flow: Flow, kinds: Mapping[str, Kind]) -> dict[str, float]:
    """Kind -> how much speaks for it."""
    seen = _seen(flow)
    points = _structure(page, flow)
    return {
        kind.id: sum(_weight(seen, word, weight) for word, weight in kind.title_words.items()) + points.get(kind.id, 0)
        for kind in kinds.values()
    }


def sides_of(flow: Flow, kind: Kind) -> tuple[str, ...]:
    """Sides whose labels stand on the page: most of those of the best side, and of any that has two more."""
    if not kind.sides:
        return ()
    text = squeezed(flow.text)
    found = {
        side: len({word for word in _side_words(kind, side) if word in text or _misread(word, text)})
        + 3 * (squeezed(label) in text)
        for side, label in kind.sides.items()
    }
    most = max(found.values())
    return tuple(side for side, count in found.items() if count and (count == most or count >= 3))


def _side_words(kind: Kind, side: str) -> set[str]:
    own = {
        squeezed(name)
        for field in kind.fields
        if field.side == side
        for name in ((field.label, *field.anchors) if field.type == "date" else (field.label,))
    }
    others = {squeezed(field.label) for field in kind.fields if field.side not in (side, None)}
    return own - others


def _margin(best: float, second: float) -> float:
    if best <= 0:
        return 0.0
    return max(0.0, min(1.0, (best - max(second, 0.0)) / best))


def _seen(flow: Flow) -> _Seen:
    texts = [squeezed(line) for line in flow.text.split("\n")]
    tall = median(box.height for box in flow.boxes) if flow.boxes else 0.0
    headings = [squeezed(box.line.text) for box in flow.boxes if _heads(box, tall, flow)]
    headings += [text for text in texts[:3] if len(text) <= 24]
    return _Seen("".join(texts), tuple(filter(None, texts)), tuple(filter(None, headings)))


def _heads(box: Box, tall: float, flow: Flow) -> bool:
    """Whether a line is written larger than others, or stands short among the first ones."""
    if box.height >= 1.35 * tall and len(box.line.text) <= 30:
        return True
    return box in flow.boxes[:4] and len(squeezed(box.line.text)) <= 24


def _weight(seen: _Seen, word: str, weight: float) -> float:
    """What a word on the page weighs; a title that is misread by one character counts for four fifths."""
    word = squeezed(word)
    if abs(weight) < TITLE:
        return weight * (1.0 if word in seen.text else 0.8 if _misread(word, seen.text) else 0.0)
    if any(word in line for line in seen.headings):
        return weight
    if any(_near(word, line) for line in seen.headings):
        return 0.8 * weight
    whole = any(word in line and len(word) >= 0.6 * len(line) for line in seen.lines)
    return weight * (0.9 if whole else 0.25 if word in seen.text else 0.0)


def _near(word: str, line: str) -> bool:
    return (
        len(word) >= 4 and len(line) >= len(word) - 1 and fuzz.partial_ratio(word, line) >= 100 * (1 - 1.01 / len(word))
    )


def _misread(word: str, text: str) -> bool:
    return len(word) >= 5 and fuzz.partial_ratio(word, text) >= 100 * (1 - 1.01 / len(word))


def _structure(page: Page, flow: Flow) -> dict[str, float]:
    """What the shape of the page, marks on it and numbers that prove themselves say. Never enough alone."""
    face = any(mark.kind == "face" for mark in page.marks)
    seal = any(mark.kind == "seal" for mark in page.marks)
    card = 1.35 < page.width / page.height < 1.85 and len(flow.boxes) <= 25
    proved = [one for one in find_id_numbers(flow.text) if one.proved]
    code = any(one.proved for one in find_credit_codes(flow.text))
    bank = any(one.proved and len(one.value) in (16, 17, 19) for one in find_bank_cards(flow.text))
    disabled = any(one.proved for one in find_disability_numbers(flow.text))
    return {
        "id-card": 1.0 * (card and face and len(proved) == 1) + 0.5 * card,
        "business-licence": 1.0 * (code and seal),
        "bank-card": 2.5 * (bank and card and not proved),
        "disability-certificate": 3.0 * disabled,
    }
