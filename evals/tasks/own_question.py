"""A hall's own question: held against what its row states, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.ask import Reply
from evals.asking import Asker
from evals.case import Case
from evals.facts import facts_of, invented, values_of
from evals.own_questions import OwnQuestion, words
from evals.own_questions_facts import lacking
from evals.tasks.answering import ANSWERS


def judge(asker: Asker, row: OwnQuestion) -> Iterator[Case]:
    reply = asker.ask(row.question)
    answer, turn = reply.answer, reply.turn
    answered, item = answer.status in ANSWERS, turn.item.id if turn.item else None
    lacks = {line: parts for line in row.contains if (parts := lacking(line, answer.text, turn.language))}
    told = [line for line in row.never if not lacking(line, answer.text, turn.language)]
    marks = dict[str, bool]()
    if row.expect:
        marks["answers" if row.expect == "answer" else "kept_out"] = answered == (row.expect == "answer")
    if row.items:
        marks["item"] = answered and item in row.items
    if row.contains:
        marks["said"] = not lacks
    if row.never:
        marks["not_said"] = not told
    strange = _strange(asker, reply, row) if marks.get("item") else ()
    if marks.get("item"):
        marks["nothing_invented"] = not strange
    marks = {"whole": all(marks.values()), **marks}
    yield Case(
        row.id,
        row.category or words()["no_category"],
        row.question,
        _expected(asker, row),
        _got(asker, answer.status, item),
        marks,
        item=row.items[0] if row.items else None,
        answer=answer.text,
        missed=tuple(_missed(lacks, told, strange)),
        counts={"said": len(row.contains) - len(lacks), "lacking": len(lacks), "strange": len(told) + len(strange)},
        verdict=_verdict(row, answer.status, marks),
        took_ms=reply.took_ms,
        where=row.where,
    )


def _strange(asker: Asker, reply: Reply, row: OwnQuestion) -> tuple[str, ...]:
    """Values of telling units that neither the item, nor a cited text, nor the row itself holds."""
    answer, turn = reply.answer, reply.turn
    if turn.item is None or turn.language != "zh":
        return ()
    texts = (*(citation.quote for citation in answer.citations), *row.contains)
    also = (f"{asker.hotline} phone", *(value for text in texts for value in values_of(text)))
    return invented(answer.text, facts_of(turn.item), turn.text, also)


def _verdict(row: OwnQuestion, status: str, marks: dict[str, bool]) -> str:
    if not marks.get("kept_out", True):
        return "not_kept_out"
    if row.expect != "no_answer" and not marks["whole"] and status not in ANSWERS:
        return "asks_back" if status == "clarify" else "not_answered"
    for mark, verdict in (("item", "wrong_item"), ("not_said", "forbidden"), ("nothing_invented", "invented")):
        if not marks.get(mark, True):
            return verdict
    return "right" if marks["whole"] else "partly"


def _expected(asker: Asker, row: OwnQuestion) -> str:
    said, items = words()["judged"]["expected"], asker.product.live.current().library.items
    names = "、".join(items[one].name if one in items else one for one in row.items)
    parts = [
        words()["expect"][row.expect] if row.expect else "",
        said["items"].format(names=names) if row.items else "",
        said["contains"].format(lines="、".join(row.contains)) if row.contains else "",
        said["never"].format(lines="、".join(row.never)) if row.never else "",
    ]
    return "；".join(part for part in parts if part)


def _got(asker: Asker, status: str, item: str | None) -> str:
    found = asker.product.live.current().library.items.get(item or "")
    shown = words()["judged"]["statuses"][status]
    return f"{shown}：{found.name}" if found else shown


def _missed(lacks: dict[str, tuple[str, ...]], told: list[str], strange: tuple[str, ...]) -> Iterator[str]:
    said = words()["judged"]
    for line, parts in lacks.items():
        if parts == (line,):
            yield said["lacks"].format(line=line)
        else:
            yield said["lacks_part"].format(line=line, parts="、".join(parts))
    yield from (said["never"].format(line=line) for line in told)
    yield from (said["strange"].format(value=value) for value in strange)
