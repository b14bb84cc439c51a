"""The words of guide_labels.yaml: which field of an item a label, heading or column means."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

from knowledge.reading.numbering import without_number

GAP = re.compile(r"\s*([^\s:：，。；]{4,12})[\s　]+(\S.*)$", re.S)
BRACKETS = re.compile(r"[（(\[【〔][^）)\]】〕]*[）)\]】〕]")
COMBINED = (
    ("place", "place_name", "hours", "phone"),
    ("fee", "fee_basis"),
    ("statutory", "promised"),
    ("result", "validity", "delivery"),
    ("phone", "complaint"),
)
"""Fields that one label may name together, as 办理时间、地点; it then means the first of its group."""

MAX_LABEL = 24
"""A longer cell is no label."""


@cache
def words() -> dict[str, Any]:
    """guide_labels.yaml as it stands."""
    return yaml.load(files("knowledge.reading").joinpath("guide_labels.yaml").read_bytes(), Loader=yaml.CSafeLoader)


@cache
def _table(name: str) -> dict[str, str]:
    return {_bare(word): field for field, synonyms in words()[name].items() for word in synonyms}


def listed(name: str, text: str) -> bool:
    """Whether `text` is one of the words under `name`, apart from spaces and closing punctuation."""
    return _bare(text).strip("。.;；,，") in _bare_list(name)


@cache
def _bare_list(name: str) -> frozenset[str]:
    return frozenset(_bare(word) for word in words()[name])


def field_of(label: str, table: str = "fields") -> str | None:
    """The field that a label or column head means, or None."""
    return None if len(label) > 2 * MAX_LABEL else _field_of(label, table)


@lru_cache(maxsize=20_000)
def _field_of(label: str, table: str) -> str | None:
    known = _table(table)
    forms = _forms(label)
    found = next((known[form] for form in forms if form in known), None)
    if found or table != "fields":
        return found
    split = [part for part in re.split("[/、及和与]", forms[-1]) if part] if forms else []
    parts = {known.get(split[0][:2] + part) or known.get(part) for part in split}
    return next((group[0] for group in COMBINED if len(parts) > 1 and parts <= set(group)), None)


def _forms(label: str) -> list[str]:
    whole = _bare(label)
    bare = _bare(BRACKETS.sub("", label)) or whole.strip("【】[]()")
    plain = re.sub(r"^\d{1,2}(?=\D)", "", _bare(without_number(bare)))
    forms = [whole, bare, plain]
    forms += [
        plain.removesuffix(ending) for ending in words()["label_endings"] if plain.endswith(ending) and plain != ending
    ]
    return [form for form in forms if form and len(form) <= MAX_LABEL]


def _bare(text: str) -> str:
    return re.sub(r"[\s*:　]+", "", unicodedata.normalize("NFKC", text)).casefold()


def shown_label(text: str) -> str:
    """A label as it is shown: without its number, colon and 【】."""
    plain = without_number(text).strip("【】[]：: ")
    return re.sub(r"^\d{1,2}(?=[\u4e00-\u9fff])", "", plain) if field_of(plain) else plain


def parted(line: str) -> tuple[str, str]:
    """What stands before and after the first colon, or after a label set off by a gap; else nothing after."""
    head, *rest = re.split("[:：]", line, maxsplit=1)
    gap = GAP.match(line)
    if gap and field_of(gap[1]):
        return gap[1], gap[2].strip(":： ")
    return head.strip(), rest[0].strip() if rest else ""


def item_name(heading: str) -> str:
    """居住证申领 out of 《居住证申领》办事指南; empty where only the ending stands."""
    name = without_number(re.sub(r"\s+", " ", heading).strip()).strip("：: ")
    name = re.sub(r"^关于", "", name) if name.endswith(tuple(words()["name_endings"])) else name
    for ending in words()["name_endings"]:
        if name.endswith(ending):
            name = name.removesuffix(ending).rstrip(" 的—-－_")
            break
    if name.startswith("《") and name.endswith("》"):
        name = name[1:-1]
    return name.strip("《》“”\"' ") if name.count("《") != name.count("》") else name.strip("“”\"' ")
