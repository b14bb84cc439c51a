"""Where an item is handled: places, office hours and phones out of a guide's words."""

from __future__ import annotations

import re
from typing import Any

from knowledge.item import ItemPlace
from knowledge.reading import facts
from knowledge.reading.field_filler import Entries, Filler, joined, lines_of
from knowledge.reading.labels import listed, words
from knowledge.reading.numbering import without_number
from knowledge.reading.table_shape import Entry, column_rows


def fill_place(entries: Entries, item: dict[str, Any]) -> list[Entry]:
    """Places of tables and lines; a line of hours alone counts for the places beside it."""
    places: list[ItemPlace] = []
    hours: list[str] = []
    left: list[Entry] = []
    for entry in entries:
        for table in entry.tables:
            rows = column_rows(table, "place_columns")
            places += [_place_of_row(row) for row in rows]
            left += [] if rows else [Entry(entry.label, entry.field, (), (table,))]
        hours += [line for line in entry.lines if _only_hours(line)]
        places += [place for line in entry.lines if not _only_hours(line) and (place := one_place(line))]
    told = "；".join(without_number(line) for line in hours) or None
    timed = [place if place.hours else place.model_copy(update={"hours": told}) for place in places]
    item["places"] = tuple({(place.name, place.address): place for place in timed}.values())
    if hours and not places:
        left.append(Entry(entries[0].label, entries[0].field, tuple(hours)))
    return left


def _place_of_row(row: dict[str, str]) -> ItemPlace:
    found = {key: row[key] for key in ("name", "address", "hours", "phone") if key in row}
    return ItemPlace.model_validate(found)


def _only_hours(line: str) -> bool:
    return bool(TIME.search(line)) and len(re.split("[，；,;]", line)) == len(TIMED_PART.findall(line))


TIMED_PART = re.compile(r"(?:^|[，；,;])[^，；,;]*\d{1,2}\s*[:：]\s*\d{2}[^，；,;]*")
TIME = re.compile(r"\d{1,2}\s*[:：]\s*\d{2}")
ADDRESS = re.compile(r"[路街道巷弄镇村]\s*\d+|\d+\s*号(?!窗)|[路街巷]与|交叉口")


def one_place(line: str) -> ItemPlace | None:
    """Name, address, phone out of one line; words that are neither stay the address."""
    text = without_number(line).strip("。；; ")
    if not text or listed("nothing", text):
        return None
    parts = re.split("[，；,;]", text)
    timed = [part.strip() for part in parts if TIME.search(part)]
    if timed and len(timed) < len(parts):
        text = "，".join(part for part in parts if part.strip() not in timed)
    found: dict[str, Any] = {"hours": "，".join(timed)} if timed and len(timed) < len(parts) else {}
    phone = facts.PHONE.search(text)
    if phone:
        found["phone"] = phone.group()
        text = re.sub(
            r"[，,；;、（(\s]*(?:咨询|联系|服务)?(?:电话|热线)?\s*[：:]?\s*$", "", text[: phone.start()]
        ) + text[phone.end() :].lstrip("）) ，,；;。")
    inside = re.fullmatch(r"([^（(：:，,]{3,40})[（(：:，,]\s*(?:地址|具体地址)?[：:]?\s*([^）)]+?)[）)]?", text)
    if inside and ADDRESS.search(inside[2]):
        return ItemPlace(name=inside[1].strip(), address=inside[2].strip(), **found)
    return ItemPlace(name=text.strip() or found["phone"], **found)


def fill_place_name(entries: Entries, item: dict[str, Any]) -> list[Entry]:
    name = joined(entries)
    places = item.get("places", ())
    if not places:
        item["places"] = (ItemPlace(name=name),)
    elif len(places) == 1 and not places[0].address and ADDRESS.search(places[0].name or ""):
        item["places"] = (places[0].model_copy(update={"name": name, "address": places[0].name}),)
    elif len(places) == 1:
        item["places"] = (places[0].model_copy(update={"note": name}),)
    else:
        return list(entries)
    return []


def fill_hours(entries: Entries, item: dict[str, Any]) -> list[Entry]:
    """办理时间 means office hours, and in some guides the time limit."""
    text = joined(entries)
    limit = facts.time_limit(text)
    if limit and limit.unit and "promised" not in item.get("time_limit", {}):
        item["time_limit"] = {**item.get("time_limit", {}), "promised": limit}
        return []
    places = item.get("places") or (ItemPlace(name=item.get("department") or words()["words"]["window"]),)
    item["places"] = tuple(place if place.hours else place.model_copy(update={"hours": text}) for place in places)
    return []


def phone_filler(word: str) -> Filler:
    def fill(entries: Entries, item: dict[str, Any]) -> list[Entry]:
        found, left = facts.phones(lines_of(entries), words()["words"][word])
        item["phones"] = (*item.get("phones", ()), *found)
        texts = [line for line in left if not listed("nothing", line)]
        return [Entry(entries[0].label, entries[0].field, tuple(texts))] if texts else []

    return fill
