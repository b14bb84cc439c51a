"""A Chinese address taken apart: province, city, district, town, and then names and numbers in turn."""

from __future__ import annotations

import re
from dataclasses import dataclass

import cn2an

from preapproval.folding import squeezed

_PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南"
    "|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
_PROVINCE = re.compile(rf"({_PROVINCES})(?:(?:壮族|回族|维吾尔)?自治区|特别行政区|省|市(?=[^辖]{{1,8}}[区县]))?")
_CITY = re.compile(r"([^\d省市区县路街镇乡]{2,9}?)(?:市(?!场|民|政)|自治州|地区|盟)")
_DISTRICT = re.compile(r"([^\d路街镇乡]{1,12}?)(?:自治县|新区|区(?!域|间)|县|旗|市(?!场|民|政))")
_TOWN = re.compile(r"([^\d路]{2,9}?)(?:街道(?!办)|镇|乡)(?:办事处)?")
_COUNTED = re.compile(r"[一二三四五六七八九十百零]+(?=号|幢|栋|座|单元|室|组|弄|层|楼|队)")
_NUMBER = re.compile(
    r"(?P<digits>[A-Z甲乙丙丁附]?\d+[A-Z甲乙丙丁]?|[A-Z](?=座|栋|幢))(?P<unit>号楼|号院|号|幢|栋|座|单元|室|层|楼|弄|组|队|户|房|铺)?"
)


@dataclass(frozen=True)
class Address:
    """Parts without their suffix; a part that is not written is empty."""

    province: str
    city: str
    district: str
    town: str
    names: tuple[str, ...]
    """Roads, villages, estates, as they follow each other."""
    numbers: tuple[str, ...]
    """House, building, unit and room, as they follow each other."""


def parse_address(text: str) -> Address:
    """Never fails; what cannot be told apart stands in `names`."""
    rest = _COUNTED.sub(_arabic, re.sub(r"[(（][^()（）]*[)）]\s*$", "", _hyphens(text)))
    rest = squeezed(rest.replace("-", "号"))
    parts = {}
    for level, shape in (("province", _PROVINCE), ("city", _CITY), ("district", _DISTRICT), ("town", _TOWN)):
        found = shape.match(rest)
        parts[level] = found.group(1) if found else ""
        rest = rest[found.end() :] if found else rest
    names, numbers, at = [], [], 0
    for found in _NUMBER.finditer(rest):
        names.append(rest[at : found.start()])
        numbers.append(found.group("digits"))
        at = found.end()
    names.append(rest[at:])
    return Address(**parts, names=tuple(filter(None, names)), numbers=tuple(numbers))


def _hyphens(text: str) -> str:
    """12-3 is house 12, number 3; other hyphens are dropped later."""
    return re.sub(r"(?<=[\dA-Za-z号幢栋座元])\s*[-－—–_#]+\s*(?=\d)", "-", text)


def _arabic(found: re.Match[str]) -> str:
    try:
        return str(cn2an.cn2an(found.group(), "smart"))
    except ValueError:
        return found.group()
