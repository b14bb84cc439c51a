"""Several wordings of one question: do all get the same item and the same facts, on every channel, and misheard too?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.ask import Reply
from evals.asking import Asker
from evals.case import Case
from evals.facts import is_said
from evals.sample import ConsistencyRow
from evals.voice_noise import misheard


@dataclass(frozen=True)
class Got:
    """What one wording got on one channel."""

    reply: Reply
    item: str
    """Or the status, where it got no item."""
    facts: frozenset[str]

    @property
    def outcome(self) -> tuple[str, frozenset[str]]:
        return self.item, self.facts


def judge(asker: Asker, row: ConsistencyRow) -> Iterator[Case]:
    """The wordings among each other, then each against itself: typed at a kiosk, and misheard there by voice."""
    mobile = [_ask(asker, row, "mobile", "standard", number, text) for number, text in enumerate(row.questions)]
    yield _wordings(row, mobile)
    kiosk = [_ask(asker, row, "kiosk", "elder", number, text) for number, text in enumerate(row.questions)]
    yield _beside(row, "channels", "same_on_channels", row.questions, mobile, kiosk)
    heard = [misheard(text) for text in row.questions]
    taken = [asker.mended(text) for text in heard]
    voice = [_ask(asker, row, "voice", "elder", number, text) for number, text in enumerate(taken)]
    yield _beside(row, "misheard", "same_when_misheard", heard, mobile, voice)
    for number, (text, typed, spoken) in enumerate(zip(heard, mobile, voice, strict=True), 1):
        yield _beside(row, f"misheard_wording-{number}", "misheard_wording", (text,), (typed,), (spoken,))


def _ask(asker: Asker, row: ConsistencyRow, channel: str, profile: str, number: int, text: str) -> Got:
    reply = asker.say(f"consistency-{row.id}-{channel}-{number}", text, channel, profile)
    item = reply.turn.item.id if reply.turn.item else reply.answer.status
    return Got(reply, item, _facts_said(asker, row, reply))


def _wordings(row: ConsistencyRow, got: Sequence[Got]) -> Case:
    items = [one.item for one in got]
    marks = {"right_item": set(items) == {row.item}, "same_item": len(set(items)) == 1}
    said = [one.facts for one in got]
    if marks["right_item"]:
        marks["same_facts"] = len(set(said)) == 1
    in_all = frozenset.intersection(*said)
    apart = sorted(frozenset.union(*said) - in_all) if marks["right_item"] else []
    return Case(
        row.id,
        row.category,
        " / ".join(row.questions),
        f"{row.item}: {', '.join(row.facets)}",
        " / ".join(items),
        marks,
        "wordings",
        row.item,
        answer="\n\n".join(one.reply.answer.text for one in got),
        missed=tuple(f"± {fact}" for fact in apart),
        took_ms=max(one.reply.took_ms for one in got),
    )


def _beside(
    row: ConsistencyRow, name: str, mark: str, asked: Sequence[str], typed: Sequence[Got], other: Sequence[Got]
) -> Case:
    """Whether each question gets, asked in another way, what it gets when it is typed on a phone."""
    pairs = list(zip(typed, other, strict=True))
    apart = sorted({fact for one, two in pairs for fact in one.facts ^ two.facts})
    return Case(
        f"{row.id}#{name}",
        row.category,
        " / ".join(asked),
        " / ".join(one.item for one in typed),
        " / ".join(one.item for one in other),
        {mark: all(one.outcome == two.outcome for one, two in pairs)},
        name.partition("-")[0],
        row.item,
        answer="\n\n".join(one.reply.answer.text for one in other),
        missed=tuple(f"± {fact}" for fact in apart),
        took_ms=max(one.reply.took_ms for one in other),
    )


def _facts_said(asker: Asker, row: ConsistencyRow, reply: Reply) -> frozenset[str]:
    known = asker.facts(row.item)
    expected = known.of(row.facets, reply.turn.language) if known else ()
    return frozenset(str(fact) for fact in expected if is_said(fact, reply.answer.text, reply.turn.language))
