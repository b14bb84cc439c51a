"""Word's automatic numbers (一、 1. 第三条), which stand in no paragraph's text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn

HAN_DIGITS = "〇一二三四五六七八九"
HAN_FORMATS = {
    "chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographDigital", "taiwaneseCountingThousand",
    "chineseLegalSimplified",
}  # fmt: skip
MAX_LEVEL = 8


@dataclass(frozen=True)
class Level:
    """One level of a numbering: its format, the text around the number, and its first value."""

    form: str
    text: str
    start: int


class AutoNumbers:
    """Counts through one document; `next` must be asked paragraph by paragraph."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[int, Level]] = {}
        self._lists: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = {}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            return
        for abstract in root.iter(qn("w:abstractNum")):
            self._levels[abstract.get(qn("w:abstractNumId"))] = dict(_levels(abstract))
        for number in root.iter(qn("w:num")):
            target = number.find(qn("w:abstractNumId"))
            if target is not None:
                self._lists[number.get(qn("w:numId"))] = target.get(qn("w:val"))

    def next(self, paragraph: Any, style: Any) -> str:
        """The number Word shows before `paragraph`, or nothing."""
        list_id, level = _numbering(paragraph, style)
        levels = self._levels.get(self._lists.get(list_id or "", ""), {})
        if list_id is None or level not in levels:
            return ""
        counts = self._counts.setdefault(self._lists[list_id], {})
        counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in [known for known in counts if known > level]:
            del counts[deeper]
        return _shown(levels, counts, level)


def _levels(abstract: Any) -> list[tuple[int, Level]]:
    found = []
    for level in abstract.iter(qn("w:lvl")):
        values = {name: level.find(qn(f"w:{name}")) for name in ("numFmt", "lvlText", "start")}
        plain = {name: found.get(qn("w:val")) or "" if found is not None else "" for name, found in values.items()}
        start = int(plain["start"]) if plain["start"].isdigit() else 1
        found.append((int(level.get(qn("w:ilvl"), "0")), Level(plain["numFmt"], plain["lvlText"], start)))
    return found


def _numbering(paragraph: Any, style: Any) -> tuple[str | None, int]:
    """List id and level of a paragraph, its own or its style's."""
    places = [paragraph]
    while style is not None and len(places) < 20:
        places.append(style.element)
        style = getattr(style, "base_style", None)
    list_id, level = None, None
    for place in places:
        found = place.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if found is None:
            continue
        number, depth = found.find(qn("w:numId")), found.find(qn("w:ilvl"))
        level = int(depth.get(qn("w:val"), "0")) if level is None and depth is not None else level
        if number is not None:
            list_id = number.get(qn("w:val"))
            break
    return (None if list_id == "0" else list_id), min(level or 0, MAX_LEVEL)


def _shown(levels: dict[int, Level], counts: dict[int, int], level: int) -> str:
    form = levels[level]
    if form.form in ("bullet", "none", ""):
        return ""
    text = form.text
    for place in range(level + 1):
        known = levels.get(place, form)
        text = text.replace(f"%{place + 1}", written(counts.get(place, known.start), known.form))
    return text if text.endswith(("、", "）", ")", "．", ".")) else f"{text} "


def written(value: int, form: str) -> str:
    """12 is 十二 in the Chinese formats."""
    if form in HAN_FORMATS and 0 < value < 1000:
        hundreds, tens, ones = value // 100, value // 10 % 10, value % 10
        text = HAN_DIGITS[hundreds] + "百" if hundreds else ""
        if tens:
            text += ("" if tens == 1 and not hundreds else HAN_DIGITS[tens]) + "十"
        elif hundreds and ones:
            text += "零"
        return text + (HAN_DIGITS[ones] if ones else "")
    if form == "decimalEnclosedCircle" and 0 < value <= 20:
        return chr(ord("①") + value - 1)
    if form in ("lowerLetter", "upperLetter") and 0 < value <= 26:
        return chr(ord("a" if form == "lowerLetter" else "A") + value - 1)
    return str(value)
