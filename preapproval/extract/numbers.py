"""Numbers that prove themselves, anywhere on a page; misread characters are put right only where one way holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product

from knowledge.check_digits import valid_credit_code, valid_id_number, valid_luhn

_GAP = r"[ \t]*"
_DIGIT_LIKE = str.maketrans("OoQDIl|ZSB*x×", "000011125" + "8XXX")
_ID = re.compile(rf"(?<![0-9A-Za-z])(?:[0-9OoQDIl|ZSB]{_GAP}){{17}}[0-9OoQDIl|ZSBXx*×](?![0-9A-Za-z])")
_OLD_ID = re.compile(r"(?<![0-9A-Za-z])\d{15}(?![0-9A-Za-z])")
_DISABILITY = re.compile(
    rf"(?<![0-9A-Za-z])(?:\d{_GAP}){{17}}[0-9Xx]{_GAP}\d{_GAP}\d(?:{_GAP}B{_GAP}\d)?(?![0-9A-Za-z])"
)
_CREDIT = re.compile(rf"(?<![0-9A-Za-z])(?:[0-9A-Za-z]{_GAP}){{17}}[0-9A-Za-z](?![0-9A-Za-z])")
_NOT_IN_CREDIT = {"I": "1", "O": "0QD", "S": "5", "V": "UY", "Z": "27"}
"""What a letter that no credit code has may be."""
_CARD = re.compile(r"(?<![0-9A-Za-z])(?:\d[ \t~·.\-]*){15,18}\d(?![0-9A-Za-z])")
_MOBILE = re.compile(rf"(?<!\d)1[3-9]\d{_GAP}-?{_GAP}\d{{4}}{_GAP}-?{_GAP}\d{{4}}(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)\(?0\d{2,3}\)?[ \t]*-?[ \t]*[2-8]\d{6,7}(?!\d)")


@dataclass(frozen=True)
class FoundNumber:
    """Where a number stands in the folded text, how it is written, and whether its check character holds."""

    start: int
    end: int
    value: str
    proved: bool


def find_id_numbers(text: str) -> Iterator[FoundNumber]:
    """Identity numbers of 18 characters; those of 15 are named as they are and prove nothing."""
    for one in _ID.finditer(text):
        bare = re.sub(r"\s", "", one.group())
        value = bare.translate(_DIGIT_LIKE).upper()
        proved = proved_id_number(value)
        if sum(char.isdigit() for char in bare) >= 14 and (proved or value == bare.upper()):
            yield FoundNumber(one.start(), one.end(), value, proved)
    for one in _OLD_ID.finditer(text):
        if _exists("19" + one.group()[6:12]):
            yield FoundNumber(one.start(), one.end(), one.group(), False)


def proved_id_number(value: str) -> bool:
    return valid_id_number(value) and _exists(value[6:14])


def find_disability_numbers(text: str) -> Iterator[FoundNumber]:
    """Identity number, one digit of the category, one of the level, and B with a digit for a replaced certificate."""
    for one in _DISABILITY.finditer(text):
        value = re.sub(r"\s", "", one.group()).upper()
        good = proved_id_number(value[:18]) and value[18] in "1234567" and value[19] in "1234"
        yield FoundNumber(one.start(), one.end(), value, good)


def find_credit_codes(text: str) -> Iterator[FoundNumber]:
    """Unified social credit codes. A wrong check character is never put right: it may be what is wrong with it."""
    for one in _CREDIT.finditer(text):
        written = re.sub(r"\s", "", one.group()).upper()
        value = written[:2] + written[2:8].translate(_DIGIT_LIKE) + written[8:]
        ways = ["".join(way) for way in product(*(_NOT_IN_CREDIT.get(char, char) for char in value))]
        good = [way for way in ways if valid_credit_code(way)]
        if len(good) == 1:
            yield FoundNumber(one.start(), one.end(), good[0], True)
        elif len(ways) == 1 and not proved_id_number(value) and re.match(r"[1-9ANY][1-9]\d{6}", value):
            yield FoundNumber(one.start(), one.end(), value, False)


def find_bank_cards(text: str) -> Iterator[FoundNumber]:
    for one in _CARD.finditer(text):
        value = re.sub(r"\D", "", one.group())
        proved = valid_luhn(value)
        stained = bool(re.search(r"[^\d\s]", one.group()))
        if value[0] in "34569" and not (len(value) == 18 and proved_id_number(value)) and (proved or not stained):
            yield FoundNumber(one.start(), one.end(), value, proved)


def find_phones(text: str) -> Iterator[FoundNumber]:
    """Mobile numbers, then numbers with area code; neither proves itself."""
    for shape in (_MOBILE, _LANDLINE):
        for one in shape.finditer(text):
            bare = re.sub(r"[\s()]", "", one.group())
            value = bare.replace("-", "") if shape is _MOBILE else bare
            yield FoundNumber(one.start(), one.end(), value, False)


def valid_vin(value: str) -> bool:
    """17 characters, the ninth of which checks the others (GB 16735)."""
    values = dict(zip("0123456789ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "012345678912345678123457923456789"), strict=True))
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    if len(value) != 17 or set(value) - set(values):
        return False
    rest = sum(values[char] * weight for char, weight in zip(value, weights, strict=True)) % 11
    return value[8] == ("X" if rest == 10 else str(rest))


def _exists(digits: str) -> bool:
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return day.year >= 1890
