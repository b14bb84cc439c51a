"""Text as it arrives, made plain: one width, no invisible characters, simplified Chinese."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from opencc import OpenCC

from assistant.language import HAN, language_of

_KEPT = "，。！？：；（）、～…“”‘’—·《》〈〉「」『』【】〔〕"
_NOT_KEPT = re.compile(f"[^{_KEPT}]+")
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800\ufffc")
_COMBINING = (
    (0x0300, 0x036F),
    (0x0483, 0x0489),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xFE00, 0xFE2F),
)
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_SPACES = re.compile(r"\s+")
_FLOOD = re.compile(r"([^\w\s])\1{3,}")
_ONE_HAN = f"(?<!{HAN.pattern}){HAN.pattern}"
_SPACED_OUT = re.compile(f"{_ONE_HAN}(?:[ .·*_/-]{HAN.pattern}){{2,}}(?!{HAN.pattern})")
_EMOJI_JOINTS = re.compile(r"[\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff]")
_REGIONAL_WORDS = {"身分证": "身份证", "计程车": "出租车", "驾驶执照": "驾驶证", "公车": "公交车"}
"""Words of other regions, as they come out of the conversion of characters."""


class _Table(dict[int, str | int | None]):
    """What becomes of each character; filled in as characters are met."""

    def __missing__(self, code: int) -> str | int | None:
        self[code] = fate = _fate(code)
        return fate


def clean(text: str) -> str:
    """`text` in NFKC (Chinese punctuation left as it is) without what cannot be seen, on one line, simplified.

    Japanese keeps its own characters. Never raises, also not for lone surrogates.
    """
    text = _NOT_KEPT.sub(lambda run: unicodedata.normalize("NFKC", run[0]), text)
    text = text.translate(_TABLE)
    text = _SPACES.sub(" ", _FLOOD.sub(r"\1\1\1", text)).strip()
    text = _SPACED_OUT.sub(lambda run: "".join(HAN.findall(run[0])), text)
    return text if language_of(text) == "ja" else simplified(text)


def simplified(text: str) -> str:
    """Traditional characters and the words written with them, as the mainland writes them (乾隆 stays 乾隆)."""
    try:
        "".join(HAN.findall(text)).encode("gb2312")
    except UnicodeEncodeError:
        text = _converter().convert(text)
        for word, here in _REGIONAL_WORDS.items():
            text = text.replace(word, here)
    return text


def without_emoji(text: str) -> str:
    """`text` without pictures, so that what is left can be read."""
    kept = "".join(" " if unicodedata.category(char) in ("So", "Sk") else char for char in text)
    return _SPACES.sub(" ", _EMOJI_JOINTS.sub("", kept)).strip()


def has_words(text: str) -> bool:
    """Whether there is a letter, a character or a digit to read."""
    return any(char.isalnum() for char in text)


def _fate(code: int) -> str | int | None:
    char = chr(code)
    if char.isspace():
        return " "
    if char in _FILLERS or any(low <= code <= high for low, high in _COMBINING) or 0xE0100 <= code <= 0xE01EF:
        return None
    category = unicodedata.category(char)
    if category in _UNSEEN:
        return None
    return str(unicodedata.decimal(char)) if category == "Nd" else code


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


_TABLE = _Table()
