"""Whether a text can be the value of a field, and how it is then kept. What cannot be is dropped, not guessed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import cn2an
import yaml

from preapproval.extract.numbers import valid_vin
from preapproval.folding import folded, plain
from preapproval.kinds import KindField

_HAN = r"\u3400-\u9fff\U00020000-\U0003ffff"
_PERSON = re.compile(
    rf"[{_HAN}]{{2,4}}|[{_HAN}]{{1,10}}(?:·[{_HAN}]{{1,10}}){{1,3}}|[A-Z][A-Za-z]+(?:[ ·,]+[A-Z][A-Za-z]+){{1,4}}"
)
_PROPERTY = re.compile(
    r"[京津沪渝冀晋辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川贵云藏陕甘青宁新蒙]\s*\((?:19|20)\d\d\)\s*[^()\d\s]{1,14}\s*不动产权第\s*\d{7}\s*号"
)
_OLD_PROPERTY = re.compile(r"[^\s\d()]{2,10}房权证[^\s]{0,8}字?第?\s*[\dA-Z\-]{5,14}\s*号?")
_UNIT = re.compile(r"(?:\d\s*){12}[A-Z]\s*[A-Z](?:\s*\d){5}\s*[FW](?:\s*\d){8}")
_PLATE = re.compile(
    r"[京津沪渝冀晋辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川贵云藏陕甘青宁新蒙][A-Z]·?[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9学挂警港澳]"
)
_FIGURES = r"(\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,6})?)"
_AMOUNTS = (
    re.compile(rf"[¥Y]\s*{_FIGURES}(?![\d,])\s*(万|亿)?"),
    re.compile(rf"(?<![\d.,]){_FIGURES}\s*(万|亿)?\s*(?:元|圆)"),
    re.compile(rf"\s*(?:人民币)?\s*{_FIGURES}\s*(万|亿)?\s*(?:元|圆|人民币|/月|每月|\(.*\))*\s*"),
)
_WRITTEN_AMOUNT = re.compile(
    r"([零壹贰叁肆伍陆柒捌玖拾佰仟万亿一二三四五六七八九十百千两]+)(?:元|圆)(?:整|正|([壹贰叁肆伍陆柒捌玖])角([壹贰叁肆伍陆柒捌玖])?分?)?"
)


@dataclass(frozen=True)
class Cleaned:
    """A value as it is kept; whether it comes from a closed list or proves itself."""

    value: str
    validated: bool = False


@cache
def words() -> dict[str, Any]:
    return yaml.safe_load((files("preapproval.extract") / "words.yaml").read_text("utf-8"))


def shaped(field: KindField, text: str) -> Cleaned | None:
    """`text` as it stood on the page."""
    return SHAPES[field.shape](text)


def person(text: str) -> Cleaned | None:
    name = re.sub(r"[.•・‧∙⋅●。]", "·", plain(text))
    name = re.sub(r"（(?:签字|签名|盖章|手印|签章)）", "", name).strip(" :;：；,，、·()（）/_-")
    return Cleaned(name) if _PERSON.fullmatch(name) and not _a_label(name) else None


def company(text: str) -> Cleaned | None:
    name = re.sub(r"（(?:公章|盖章|签章|签字)）", "", plain(text)).strip(" :;：；,，、。_-")
    whole = 4 <= len(name) <= 60 and name.count("（") == name.count("）") and len(re.findall(rf"[{_HAN}]", name)) >= 3
    return Cleaned(name) if whole and not _a_label(name) else None


def party(text: str) -> Cleaned | None:
    one = company(text)
    if one and any(one.value.endswith(end) for end in words()["company_ends"]) and len(one.value) >= 5:
        return one
    return person(text)


def address(text: str) -> Cleaned | None:
    place = plain(text).strip(" :;：；,，、。_-")
    known = re.search(r"[省市区县镇乡村路街道巷弄号室栋幢组]", place)
    return Cleaned(place) if known and 6 <= len(place) <= 90 and not re.search(r"\d{11}", place) else None


def free(text: str) -> Cleaned | None:
    value = plain(text).strip(" :;：；,，、_")
    return Cleaned(value) if value and len(value) <= 80 and not _a_label(value) else None


def long(text: str) -> Cleaned | None:
    value = plain(text).strip(" :;：；,，_")
    return Cleaned(value) if 1 < len(value) <= 1500 and not _a_label(value) else None


def sex(text: str) -> Cleaned | None:
    found = re.match(r"\s*([男女])(?![\u3400-\u9fff])", folded(text))
    return Cleaned(found.group(1), True) if found else None


def ethnicity(text: str) -> Cleaned | None:
    name = plain(text).strip(" :").removesuffix("族")
    return Cleaned(name, True) if name in words()["ethnicity_names"] else None


def disability_level(text: str) -> Cleaned | None:
    found = re.search(r"([一二三四壹贰叁肆1-4])\s*级", folded(text))
    if not found:
        return None
    return Cleaned("一二三四"["一二三四壹贰叁肆1234".index(found.group(1)) % 4] + "级", True)


def driving_class(text: str) -> Cleaned | None:
    value = re.sub(r"[\s,;、/]", "", folded(text)).upper()
    return Cleaned(value, True) if re.fullmatch(r"(?:A[1-3]|B[12]|C[1-6]|[DEFMNP])+", value) else None


def plate(text: str) -> Cleaned | None:
    found = _PLATE.fullmatch(re.sub(r"\s", "", folded(text)).upper())
    return Cleaned(found.group().replace("·", "")) if found else None


def vin(text: str) -> Cleaned | None:
    value = re.sub(r"\s", "", folded(text)).upper()
    return Cleaned(value, valid_vin(value)) if re.fullmatch(r"[0-9A-HJ-NPR-Z]{17}", value) else None


def code(text: str) -> Cleaned | None:
    value = re.sub(r"\s", "", folded(text)).strip(":;,._").upper().removeprefix("NO.").removeprefix("NO")
    return Cleaned(value) if re.fullmatch(rf"[A-Z0-9{_HAN}()·\-/]{{4,40}}", value) and re.search(r"\d", value) else None


def property_number(text: str) -> Cleaned | None:
    flat = folded(text)
    found = _PROPERTY.search(flat) or _OLD_PROPERTY.search(flat)
    if not found:
        return None
    return Cleaned(re.sub(r"\s", "", found.group()).replace("(", "（").replace(")", "）"))


def unit_number(text: str) -> Cleaned | None:
    found = _UNIT.search(folded(text).upper())
    return Cleaned(re.sub(r"\s", "", found.group())) if found else None


def amount(text: str) -> Cleaned | None:
    """Yuan as a plain decimal. Where figures and capitals both stand there, they must agree."""
    flat = re.sub(r"(?<=\d)\s*,\s*(?=\d{3})", ",", folded(text))
    figures = _AMOUNTS[0].search(flat) or _AMOUNTS[1].search(flat) or _AMOUNTS[2].fullmatch(flat)
    capital = _WRITTEN_AMOUNT.search(flat)
    value = _figures(figures) if figures else None
    spoken = _capitals(capital) if capital else None
    if value is not None and spoken is not None and value != spoken:
        return None
    if figures and not figures.group(2):
        return Cleaned(figures.group(1).replace(",", ""), spoken == value)
    best = value if value is not None else spoken
    return (
        None
        if best is None
        else Cleaned(f"{best:f}".rstrip("0").rstrip(".") if best % 1 else f"{best:.0f}", spoken == value)
    )


def _figures(found: re.Match[str]) -> float:
    return float(found.group(1).replace(",", "")) * {"万": 1e4, "亿": 1e8}.get(found.group(2) or "", 1)


def _capitals(found: re.Match[str]) -> float | None:
    try:
        whole = float(cn2an.cn2an(found.group(1), "smart"))
    except ValueError:
        return None
    cents = "零壹贰叁肆伍陆柒捌玖"
    return round(whole + cents.index(found.group(2) or "零") / 10 + cents.index(found.group(3) or "零") / 100, 2)


def measure(text: str) -> Cleaned | None:
    """A number with or without its unit."""
    found = re.search(r"(?<![\d.])(\d+(?:\.\d+)?)(?![\d.])", folded(text))
    return Cleaned(found.group(1)) if found else None


def _a_label(text: str) -> bool:
    return text in words()["other_labels"]


SHAPES: dict[str, Callable[[str], Cleaned | None]] = {
    "free": free, "person": person, "party": party, "company": company, "address": address, "long": long, "sex": sex,
    "ethnicity": ethnicity, "disability_level": disability_level, "driving_class": driving_class, "plate": plate,
    "vin": vin, "code": code, "property_number": property_number, "unit_number": unit_number,
}  # fmt: skip
