"""Numbers that prove themselves: their last character is computed from the others."""

from __future__ import annotations

import re

_CREDIT_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_CODE_SHAPE = re.compile(
    rf"[1-9ANY][1-9](10|1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])\d{{4}}[{_CREDIT_CODE}]{{10}}", re.ASCII
)
"""Registrar, kind, six digits of a region, organisation, check."""


def valid_id_number(number: str) -> bool:
    """18 characters whose last is the checksum of GB 11643 (ISO 7064 MOD 11-2)."""
    if not re.fullmatch(r"\d{17}[\dX]", number, re.ASCII):
        return False
    return "10X98765432"[sum(int(digit) * 2 ** (17 - at) for at, digit in enumerate(number[:17])) % 11] == number[17]


def valid_credit_code(code: str) -> bool:
    """18 characters of the shape of GB 32100 whose last is its checksum."""
    if not _CREDIT_CODE_SHAPE.fullmatch(code):
        return False
    total = sum(_CREDIT_CODE.index(char) * pow(3, at, 31) for at, char in enumerate(code[:17]))
    return _CREDIT_CODE[-total % 31] == code[17]


def valid_luhn(number: str) -> bool:
    """Digits of a bank card whose last is the checksum of ISO/IEC 7812."""
    doubled = (int(digit) * (2 if at % 2 else 1) for at, digit in enumerate(reversed(number)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
