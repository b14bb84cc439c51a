"""Text as it is read, made comparable: one width, simplified characters, one kind of bracket, dash and dot.

`folded` keeps the length, so that a position in the folded text is the position in the line.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from opencc import OpenCC

_SAME = str.maketrans(
    "【[〔［{（「『】]〕］}）」』—–－―‐‑﹣−~～〜∼·•・．‧∙⋅。｡､，；：＊✱×‘’“”'\"`´",
    '(((((((())))))))--------~~~~·······..,,;:***""""""""',
)
_STANDARD = frozenset("乾於昇吒谿氾徵薹麴")
"""Characters that a converter to simplified ones changes although they are standard ones, used in names."""
_NOT_WRITTEN = re.compile(r"[\s,、;:.·\"'*()_\-~|/\\!?]+")


@cache
def _folded_character(char: str) -> str:
    wide = unicodedata.normalize("NFKC", char)
    if len(wide) == 1:
        char = wide
    char = char.translate(_SAME)
    simple = _converter().convert(char)
    return simple if len(simple) == 1 else char


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def folded(text: str) -> str:
    """For comparing and finding; as long as `text`."""
    return "".join(map(_folded_character, text))


def squeezed(text: str) -> str:
    """Folded, without spaces and punctuation, Latin letters large."""
    return _NOT_WRITTEN.sub("", folded(text)).upper()


@cache
def _plain_character(char: str) -> str:
    wide = unicodedata.normalize("NFKC", char)
    if len(wide) == 1 and char not in "，；：（）！？":
        char = wide
    return char if char in _STANDARD else _converter().convert(char)


def plain(text: str) -> str:
    """As it is kept as a value: half-width digits and letters, simplified characters, Chinese marks in Chinese text."""
    flat = "".join(map(_plain_character, text))
    flat = re.sub(r"\s+", " ", flat).strip()
    flat = re.sub(r"(?<=[^\x00-\x7f]) (?=\S)|(?<=\S) (?=[^\x00-\x7f])", "", flat)
    if not re.search(r"[\u3400-\u9fff]", flat):
        return flat
    flat = flat.replace("(", "（").replace(")", "）")
    return re.sub(r"(?<=[\u3400-\u9fff）])[,;:](?=[\u3400-\u9fff（])", lambda mark: _CHINESE_MARKS[mark.group()], flat)


_CHINESE_MARKS = {",": "，", ";": "；", ":": "："}
