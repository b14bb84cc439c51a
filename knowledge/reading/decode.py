"""Bytes of unknown encoding become text: UTF-8, UTF-16, GB18030 (with GBK and GB2312 inside it), Big5."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from knowledge.reading.characters import plain_characters
from knowledge.reading.document import MAX_CHARACTERS, Damaged

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]")
MAX_CONTROL_SHARE = 0.002
MAX_BROKEN_SHARE = 0.005
COMMON_HAN = re.compile(
    "[的一是在不了有和人这這中大为為上个個国國我以要他时時来來用们們生到作地于於出就分对對成会會可主发發年动動同工也能下"
    "过過说說面后後方多定行学學法所民得事务務办辦理证證请請身份户戶口件本业業单單位公]"
)
"""Characters that make up a third of plain Chinese, and next to nothing of text read in the wrong encoding."""


def decode(data: bytes, declared: str | None = None) -> str:
    """Text of `data` with plain line ends. Raises Damaged when these bytes are no text."""
    text = _decode(data, declared)
    if len(CONTROL.findall(text)) > MAX_CONTROL_SHARE * len(text):
        raise Damaged("it holds binary data, not text")
    if len(text) > MAX_CHARACTERS:
        raise Damaged(f"it holds more than {MAX_CHARACTERS:,} characters")
    text = plain_characters(text)
    return CONTROL.sub("", text).replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\x0c", "\n")


def _decode(data: bytes, declared: str | None) -> str:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    plain = _without_mark(data)
    if plain is None and b"\0" in data[:4000]:
        raise Damaged("it holds binary data, not text")
    for encoding in (plain, "utf-8", _known(declared)):
        text = _try(data, encoding) if encoding else None
        if text is not None:
            return text
    chinese = [text for encoding in ("gb18030", "big5") if (text := _try(data, encoding)) is not None]
    if chinese:
        return max(chinese, key=lambda text: len(COMMON_HAN.findall(text[:20_000])))
    for encoding in ("utf-8", "gb18030"):
        text = data.decode(encoding, errors="replace")
        if text.count("\ufffd") <= MAX_BROKEN_SHARE * len(text):
            return text
    best = from_bytes(data[:200_000]).best()
    if best is None:
        raise Damaged("it holds binary data, or text in an encoding that is not UTF-8, UTF-16, GB18030 or Big5")
    return data.decode(best.encoding, errors="replace")


def _without_mark(data: bytes) -> str | None:
    """UTF-16 without a byte order mark: every second byte of its line ends and spaces is zero."""
    head = data[:4000]
    if len(head) < 4 or b"\0" not in head:
        return None
    little, big = head[1::2].count(0), head[0::2].count(0)
    for encoding, count in (("utf-16-le", little), ("utf-16-be", big)):
        if count and count >= max(little, big):
            text = _try(data, encoding)
            if text and (len(COMMON_HAN.findall(text)) > len(text) / 50 or count > len(head) / 3):
                return encoding
    return None


def _known(declared: str | None) -> str | None:
    """A declared gb2312 is in practice GB18030."""
    if not declared:
        return None
    try:
        name = codecs.lookup(declared.strip()).name
    except LookupError:
        return None
    return "gb18030" if name in ("gb2312", "gbk") else name


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, UnicodeError):
        return None
