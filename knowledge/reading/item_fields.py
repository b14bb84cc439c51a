"""FILL: how the entries of each field fill a ServiceItem. What a filler cannot express it hands back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal, get_args

from knowledge.item import (
    Basis,
    Condition,
    CrossRegion,
    Faq,
    Fee,
    Online,
    Proxy,
    Result,
    ServiceItem,
    Step,
    Visits,
)
from knowledge.reading import facts
from knowledge.reading.field_filler import Entries, Filler, joined, lines_of
from knowledge.reading.labels import listed, parted, words
from knowledge.reading.material_lines import materials_of_lines, materials_of_table, unfolded
from knowledge.reading.numbering import number_of, value_of, without_number
from knowledge.reading.packing import question_pairs
from knowledge.reading.place_fields import fill_hours, fill_place, fill_place_name, phone_filler
from knowledge.reading.table_shape import Entry, column_rows, question_rows

URL = re.compile(r"(?:https?://|www\.)[^\s，。；）)、》\"'<>]+", re.I)
KINDS = get_args(get_args(ServiceItem.model_fields["kind"].annotation)[0])
MODES = get_args(get_args(CrossRegion.model_fields["modes"].annotation)[0])


def _plain(name: str) -> Filler:
    def fill(entries: Entries, item: dict[str, Any]) -> list[Entry]:
        text = joined(entries)
        if text and not listed("nothing", text):
            item[name] = text
        return []

    return fill


def _code(entries: Entries, item: dict[str, Any]) -> list[Entry]:
    item["code"] = entries[0].text.split("\n")[0].strip() or None
    return list(entries[1:])


def _kind(entries: Entries, item: dict[str, Any]) -> list[Entry]:
    text = joined(entries)
    item["kind"] = next((kind for kind in KINDS if kind == text), None)
    return [] if item["kind"] else list(entries)


def _audience(entries: Entries, item: dict[str, Any]) -> list[Entry]:
    parts = [part for part in re.split(r"[、,，;；/和及\s]+", joined(entries)) if part]
    who = [kind for kind in ("person", "enterprise") if any(listed(kind, part) for part in parts)]
    if who:
        item["audience"] = tuple(who)
    plain = all(listed("person", part) or listed("enterprise", part) for part in parts)
    return [] if plain else list(entries)


def _aliases(entries: Entries, item: dict[str, Any]) -> list[Entry]:
    item["aliases"] = tuple(part.strip() for part in re.split(r"[、,，;；/\n]", joined(entries)) if part.strip())
    return []


def _conditions(entries: Entries, item: dict[str, Any]) -> list[Entry]:
    item["conditions"] = tuple(Condition(text=text.rstrip("；;")) for text in listing(lines_of(entries)))
    return []


def listing(lines: Sequence[str]) -> list[str]:
    """List lines without their numbers; deeper lists stay with the line above them."""
    found: list[str] = []
    top = 0
    for line in [part for folded in lines for part in unfolded(folded)]:
        number = number_of(line)
        if number and found and top and number.rank > top:
            found[-1] += "\n" + line.strip()
            continue
        top = number.rank if number else 0
        text = without_number(line) if number else line.strip()
        found += [text] if text else []
    return found


def _materials(entries: Entries, item: dict[str, Any]) -> list[Entry]:
    found, left = [], []
    for entry in entries:
        tabled = [line for table in entry.tables for line in materials_of_table(table)]
        unread = tuple(table for table in entry.tables if not materials_of_table(table))
        lines = [] if tabled and len(entry.text) > 200 else materials_of_lines(list(entry.lines))
        found += tabled + ([] if tabled else lines)
        kept = entry.lines if (tabled or not lines) else ()
        if kept or unread:
            left.append(Entry(entry.label, entry.field, kept, unread))
    item["materials"] = tuple({(line.name, line.note, line.one_of): line for line in found}.values())
    return left


def _steps(entries: Entries, item: dict[str, Any]) -> list[Entry]:
    steps: list[Step] = []
    left: list[Entry] = []
    for entry in entries:
        rows = [row for table in entry.tables for row in column_rows(table, "step_columns")]
        steps += [Step(name=row["name"], text=row.get("text") or row["name"]) for row in rows if row.get("name")]
        unread = tuple(table for table in entry.tables if not column_rows(table, "step_columns"))
        if unread:
            left.append(Entry(entry.label, entry.field, (), unread))
        steps += _step_lines(entry.lines, len(steps))
    item["steps"] = tuple(steps)
    return left


def _step_lines(lines: Sequence[str], before: int) -> list[Step]:
    texts = listing(lines)
    if len(texts) == 1 and re.search(r"→|—+>|-+>|➜|⇒", texts[0]):
        texts = [part.strip() for part in re.split(r"→|—+>|-+>|➜|⇒", texts[0]) if part.strip()]
    steps: list[Step] = []
    for text in texts:
        head, rest = parted(text)
        if rest and 1 < len(head) <= 12:
            steps.append(Step(name=without_number(head), text=rest))
        else:
            steps.append(Step(name=words()["words"]["step"].format(before + len(steps) + 1), text=text))
    return steps


def _limit(name: str) -> Filler:
    def fill(entries: Entries, item: dict[str, Any]) -> list[Entry]:
        limit = facts.time_limit(joined(entries))
        if limit:
            item["time_limit"] = {**item.get("time_limit", {}), name: limit}
        return []

    return fill


def _fee(entries: Entries, item: dict[str, Any]) -> list[Entry]:
    tables = [table for entry in entries for table in entry.tables]
    stated = facts.fee([entry.text for entry in entries if entry.text])
    if tables:
        stated = Fee(free=False, text="\n".join(lines_of(entries)))
    if stated:
        item["fee"] = stated
    return []


def _fee_basis(entries: Entries, item: dict[str, Any]) -> list[Entry]:
    text = joined(entries)
    found = facts.bases(text)
    if found and "fee" in item:
        item["fee"] = item["fee"].model_copy(update={"basis": found[0]})
    return [] if listed("nothing", text) or (found and len(text) < 60) else list(entries)


def _online(entries: Entries, item: dict[str, Any]) -> list[Entry]:
    text = joined(entries)
    url = URL.search(text)
    rest = [
        line for line in text.split("\n") if not listed("yes", line) and line.strip() != (url.group() if url else "")
    ]
    said = "\n".join(line for line in rest if not (url and listed("no", line))) or None
    if not url and rest and all(listed("no", line) for line in rest):
        item["online"] = Online(available=False)
    elif text:
        address = url.group() if url else None
        item["online"] = Online(available=True, url=address, note=said)
    return [entry for entry in entries if entry.tables]


def _result(entries: Entries, item: dict[str, Any]) -> list[Entry]:
    text = joined(entries)
    if text and not listed("nothing", text):
        item["result"] = Result(name=text)
    return [entry for entry in entries if entry.tables]


def _validity(entries: Entries, item: dict[str, Any]) -> list[Entry]:
    if "result" not in item:
        return list(entries)
    item["result"] = item["result"].model_copy(update={"validity": joined(entries)})
    return []


def _delivery(entries: Entries, item: dict[str, Any]) -> list[Entry]:
    ways = tuple(way.strip() for way in re.split(r"[、；;\n/]", joined(entries)) if way.strip())
    if "result" not in item or any(len(way) > 40 for way in ways):
        return list(entries)
    item["result"] = item["result"].model_copy(update={"delivery": ways})
    return []


def _legal_basis(entries: Entries, item: dict[str, Any]) -> list[Entry]:
    """The cited articles are fields; words beyond the citation stay a passage."""
    text = "\n".join(lines_of(entries))
    found: list[Basis] = facts.bases(text)
    item["legal_basis"] = tuple(found)
    beyond = re.sub(r"[\s\d.、；;。，,（()）第条款项依据根据《》]", "", facts.CITED.sub("", text))
    return (
        []
        if not text or listed("nothing", text) or (found and len(beyond) < 8 and "条之" not in text)
        else list(entries)
    )


def _visits(entries: Entries, item: dict[str, Any]) -> list[Entry]:
    match = re.search(r"\d+|[零一两二三]", joined(entries))
    if not match:
        return list(entries)
    item["visits"] = Visits(count=value_of(match.group()))
    return []


def _proxy(entries: Entries, item: dict[str, Any]) -> list[Entry]:
    text = joined(entries)
    allowed: Literal["always", "conditional", "never"]
    allowed = "always" if listed("yes", text) else "never" if listed("no", text) else "conditional"
    item["proxy"] = Proxy(allowed=allowed, text=text)
    return []


def _cross_region(entries: Entries, item: dict[str, Any]) -> list[Entry]:
    text = joined(entries)
    item["cross_region"] = CrossRegion(modes=tuple(mode for mode in MODES if mode in text), text=text)
    return []


def _effective_from(entries: Entries, item: dict[str, Any]) -> list[Entry]:
    item["effective_from"] = facts.day(joined(entries))
    return [] if item["effective_from"] else list(entries)


def _faq(entries: Entries, item: dict[str, Any]) -> list[Entry]:
    faq: list[Faq] = []
    left: list[Entry] = []
    for entry in entries:
        rows = [row for table in entry.tables for row in question_rows(table)]
        asked = [(row["question"], row["answer"]) for row in rows if "question" in row and "answer" in row]
        rest, pairs = question_pairs(entry.lines)
        bare, rest = _bare_questions(rest)
        faq += [Faq(questions=(question,), answer=answer) for question, answer in (*asked, *pairs, *bare)]
        if rest:
            left.append(Entry(entry.label, entry.field, tuple(rest)))
    item["faq"] = tuple(faq)
    return left


def _bare_questions(lines: Sequence[str]) -> tuple[list[tuple[str, str]], list[str]]:
    """Lines that end with a question mark, each answered by the lines below it."""
    found: list[tuple[str, str]] = []
    rest: list[str] = []
    question = ""
    for line in lines:
        head = re.match(r"^(.{4,80}?[?？])\s*(.*)$", line)
        if head and not head[2]:
            question = without_number(head[1])
            found.append((question, ""))
        elif head and head[2] and number_of(line):
            question = without_number(head[1])
            found.append((question, head[2]))
        elif question:
            found[-1] = (question, f"{found[-1][1]}\n{line}".strip())
        else:
            rest.append(line)
    return [(asked, answer) for asked, answer in found if answer], rest


FILL: dict[str, Filler] = {
    "code": _code,
    "kind": _kind,
    "department": _plain("department"),
    "audience": _audience,
    "summary": _plain("summary"),
    "aliases": _aliases,
    "conditions": _conditions,
    "quota": _plain("quota"),
    "materials": _materials,
    "steps": _steps,
    "statutory": _limit("statutory"),
    "promised": _limit("promised"),
    "fee": _fee,
    "fee_basis": _fee_basis,
    "place": fill_place,
    "place_name": fill_place_name,
    "hours": fill_hours,
    "phone": phone_filler("consult"),
    "complaint": phone_filler("complaint"),
    "online": _online,
    "result": _result,
    "validity": _validity,
    "delivery": _delivery,
    "legal_basis": _legal_basis,
    "visits": _visits,
    "proxy": _proxy,
    "cross_region": _cross_region,
    "effective_from": _effective_from,
    "faq": _faq,
}
"""In the order in which they are filled: a place before its name and hours, a result before its validity."""
