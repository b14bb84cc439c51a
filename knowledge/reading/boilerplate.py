"""Lines that stand around a text and are not part of it: breadcrumbs, share bars, copyright lines."""

from __future__ import annotations

import re

from knowledge.reading.labels import words

MAX_LINE = 80
"""A longer line is text, whatever it starts with."""


def is_boilerplate(line: str) -> bool:
    plain = re.sub(r"\s+", " ", line).strip(" |·•-—")
    known = words()["boilerplate"]
    if not plain or plain in known["whole"]:
        return True
    folded = plain.casefold()
    if len(plain) > MAX_LINE * 2:
        return False
    if any(word.casefold() in folded for word in known["contains"]) and not plain.endswith("。"):
        return True
    return len(plain) <= MAX_LINE and any(plain.startswith(word) for word in known["starts"])
