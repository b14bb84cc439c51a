"""The material list of a stranger's guide: a table, a numbered list or a sentence becomes ItemMaterial lines."""

from __future__ import annotations

import re

from knowledge.item import ItemMaterial
from knowledge.reading.document import Table
from knowledge.reading.labels import listed, parted
from knowledge.reading.numbering import number_of, value_of
from knowledge.reading.table_shape import column_rows

COUNT = r"(?:[一二两三四五六七八九十\d]+)"
REMARK = re.compile(r"[（(]([^（()）]*)[）)]")
ORIGINAL = re.compile(rf"原件(?:及|和|与|、)?(?:各)?\s*({COUNT})?\s*[份张页套]?")
COPY = re.compile(rf"复印件(?:各)?\s*({COUNT})?\s*[份张页套]?")
EACH = re.compile(rf"(?:原件|复印件)(?:及|和|与|、)(?:原件|复印件)\s*各?\s*({COUNT})?\s*[份张]?")
SETS = re.compile(rf"(?:一式)?({COUNT})\s*[份张套]")
KIND = "(?:原件|复印件)"
TAIL = re.compile(
    rf"[，,\s]*((?:及其?|的)?{KIND}(?:[及和与、，]?{KIND})?\s*(?:各?{COUNT}\s*[份张套])?"
    rf"(?:[，、及]?\s*{KIND}\s*{COUNT}\s*[份张])?|{COUNT}\s*[份张套])$"
)
"""原件及复印件各1份 at the end of a name."""

GENERIC = re.compile(
    r"(?:提交|提供|携带|准备|出具|带).{0,12}(?:材料|资料|证件)|(?:以下|下列|如下).{0,6}(?:材料|资料|证件)"
)
ALTERNATIVES = re.compile(r"之一|任一|任选|其中一|任意一|一种即可|一项即可|二选一|三选一")
MAX_PARSED = 500
"""A longer line is kept as it is."""

INLINE_NUMBER = re.compile(
    r"(?<=[；;。，,：:\s])\s*(?=(?:\d{1,2}\s*[.．、](?!\d)|[（(][\d一二三四五六七八九十]{1,2}[）)]|[①-⑳]))"
)
CLAUSE = re.compile("[验核需应须]|提供|提交|[后的]$")
ENDS = " 。；;，,、：:."


def materials_of_table(table: Table) -> list[ItemMaterial]:
    """Lines of a table with a column of material names, or none if it has no such column."""
    rows = column_rows(table, "material_columns")
    return [_from_row(row) for row in rows if _is_name(row.get("name", ""))]


def _is_name(text: str) -> bool:
    return bool(text.strip(ENDS)) and not listed("nothing", text)


def _from_row(row: dict[str, str]) -> ItemMaterial:
    name, remark = _split_name(row["name"]) if len(row["name"]) <= MAX_PARSED else (row["name"], "")
    form = "，".join(row[key] for key in ("form", "count") if key in row)
    original, copies = _counts(f"{form}，{remark}")
    notes = [f"{key}：{value}" if key not in KNOWN else value for key, value in row.items() if _tells(key, value)]
    if "note" in row and _only_counts(row["note"]):
        original, copies = _counts(row["note"])
    if "original" in row or "copies" in row:
        original = _number(row.get("original", "0"), 1)
        copies = _number(row.get("copies", "0"), 1)
    shared = "shared" in row and listed("yes", row["shared"])
    note = "；".join(filter(None, [_told(remark), *notes])) or None
    return ItemMaterial(name=name, original=original, copies=copies, note=note, shared=shared)


KNOWN = ("name", "original", "copies", "count", "form", "need", "shared", "note", "source", "ignored")


def _tells(key: str, value: str) -> bool:
    """Whether a column's value says something that no field holds."""
    if key in ("name", "original", "copies", "count", "shared", "ignored") or listed("nothing", value):
        return False
    if key == "form":
        return not re.fullmatch(r"[\s、和及与/，\d份]*(?:(?:原件|复印件|纸质|纸质版?)[\s、和及与/，各\d份张]*)+", value)
    if key == "note" and _only_counts(value):
        return False
    return not (key == "need" and value.strip() in ("必要", "必须", "是", "必需", "必要材料"))


def materials_of_lines(lines: list[str]) -> list[ItemMaterial]:
    """One material per list line; a leading line that is a condition is noted on those below it."""
    found: list[ItemMaterial] = []
    note, group, group_rank = "", "", 0
    for line in _one_each(lines):
        number = number_of(line)
        text = (line[number.end :] if number else line).strip()
        rank = number.rank if number else 0
        if group and rank <= group_rank:
            group = ""
        if text.endswith(("：", ":")) or (not number and _is_lead(text)):
            lead = text.strip(ENDS)
            if ALTERNATIVES.search(lead):
                group, group_rank = _plain_group(lead), rank
            else:
                note, group = ("" if GENERIC.search(lead) and len(lead) < 20 else lead), ""
            continue
        made = _from_text(text, note, group)
        found += [made] if made else []
    return found


def _is_lead(text: str) -> bool:
    return (bool(GENERIC.search(text)) and text.rstrip()[-1:] in "：:") or bool(
        re.fullmatch(r".{0,20}(?:如下|以下材料)[。：:]?", text)
    )


def _plain_group(lead: str) -> str:
    return REMARK.sub("", lead).strip(ENDS) or lead


def _one_each(lines: list[str]) -> list[str]:
    """A single sentence 身份证、户口簿、照片 is a list too."""
    filled = [part for line in lines for part in unfolded(line)]
    if len(filled) != 1 or number_of(filled[0]):
        return filled
    line = filled[0]
    head, rest = parted(line)
    parts = [part for part in _outside_brackets(rest or line, "、；;") if part.strip(ENDS)]
    if len(parts) < 2:
        parts = [part for part in _outside_brackets(rest or line, "，,") if part.strip(ENDS)]
        parts = parts if len(parts) > 2 and not any(len(part) > 12 or CLAUSE.search(part) for part in parts) else []
    if len(parts) > 1 and all(len(part) <= 30 for part in parts):
        return [f"{head}：", *parts] if rest else parts
    return filled


def unfolded(line: str) -> list[str]:
    """1.…；2.…；3.… in one line as three lines."""
    return [part.strip() for part in INLINE_NUMBER.split(line) if part.strip(ENDS)]


def _outside_brackets(text: str, signs: str) -> list[str]:
    parts, depth = [""], 0
    for char in text:
        depth += (char in "（(《") - (char in "）)》")
        if depth <= 0 and char in signs:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def _from_text(text: str, note: str, group: str) -> ItemMaterial | None:
    name, remark = _split_name(text) if len(text) <= MAX_PARSED else (text, "")
    if not _is_name(name) or len(name) < 2:
        return None
    original, copies = _counts(remark)
    said = [part for part in (note, _told(remark)) if part]
    return ItemMaterial(name=name, original=original, copies=copies, note="；".join(said) or None, one_of=group or None)


def _split_name(text: str) -> tuple[str, str]:
    """A material's name, and the remark in brackets or after it that tells how many and what kind."""
    plain = text.strip().strip(ENDS)
    remarks = [
        mark for mark in REMARK.findall(plain) if re.search("原件|复印件|份|张|核|验|提供|提交|需|加盖|签", mark)
    ]
    name = plain
    for mark in remarks:
        name = re.sub(rf"[（(]{re.escape(mark)}[）)]", "", name, count=1)
    head, sign, rest = next((parts for sign in "。，" if (parts := name.partition(sign))[1]), (name, "", ""))
    if sign and len(head) > 1 and not head.endswith("的"):
        name, remarks = head, [rest, *remarks]
    tail = TAIL.search(name)
    if tail and tail.start() > 1:
        remarks.append(tail[1])
        name = name[: tail.start()]
    return name.strip(ENDS), "，".join(mark.strip() for mark in remarks)


def _told(remark: str) -> str:
    """A remark without the parts that only count originals and copies."""
    return "，".join(part.strip() for part in re.split("[，；]", remark) if part.strip() and not _only_counts(part))


def _only_counts(remark: str) -> bool:
    left = remark
    for pattern in (EACH, ORIGINAL, COPY, SETS):
        left = pattern.sub("", left)
    return not left.strip(" ，,、；;。及和与各共的其") or left.strip(" ，,、") in ("纸质", "各")


def _counts(remark: str) -> tuple[int, int]:
    """Originals and copies; where nothing is said, one original."""
    remark = remark[:MAX_PARSED]
    each = EACH.search(remark)
    if each:
        count = _number(each[1] or "1", 1)
        return count, count
    original, copy = ORIGINAL.search(remark), COPY.search(remark)
    if copy and not original:
        return 0, _number(copy[1] or _sets(remark) or "1", 1)
    if original:
        return _number(original[1] or (None if copy else _sets(remark)) or "1", 1), _number(
            copy[1] or "1", 1
        ) if copy else 0
    return _number(_sets(remark) or "1", 1), 0


def _sets(remark: str) -> str | None:
    match = SETS.search(remark) or re.search(r"(?:^|，)\s*(\d{1,2})\s*(?:，|$)", remark)
    return match[1] if match else None


def _number(text: str, otherwise: int) -> int:
    if listed("nothing", text) or listed("no", text):
        return 0
    match = re.search(COUNT, text)
    return min(value_of(match.group()), 99) if match else otherwise
