"""Personal values shown in part: numbers, names, addresses."""

from __future__ import annotations

import re

from preapproval.kinds import FieldType

_ID = re.compile(r"(?<![0-9A-Za-z])(\d{6})\d{8}(\d{3}[\dXx])(?![0-9A-Za-z])")
_DISABILITY = re.compile(r"(?<![0-9A-Za-z])(\d{6})\d{8}(\d{3}[\dXx])(\d{2}B?\d?)(?![0-9A-Za-z])")
_OLD_ID = re.compile(r"(?<![0-9A-Za-z])(\d{6})\d{6}(\d{3})(?![0-9A-Za-z])")
_PHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
_LONG = re.compile(r"(?<![0-9A-Za-z])(\d{4})\d{8,}(\d{4})(?![0-9A-Za-z])")
_STREET = re.compile(r"^\D*(?:[路街道巷弄村镇乡]|胡同|社区)")
_CHINESE = re.compile(r"[\u3400-\u9fff]")


def mask_number(number: str) -> str:
    """Identity number: first 6 and last 4; any other long number keeps its last 4."""
    text = number.strip()
    if len(text) >= 18:
        return text[:6] + "*" * 8 + text[14:18] + "*" * (len(text) - 18)
    if len(text) == 15:
        return text[:6] + "*" * 6 + text[-3:]
    return "*" * max(len(text) - 4, 0) + text[-4:] if len(text) > 4 else "*" * len(text)


def mask_phone(phone: str) -> str:
    """First 3 and last 4; a number of another length keeps its last 4."""
    text = phone.strip()
    return text[:3] + "****" + text[-4:] if len(text) == 11 else mask_number(text)


def mask_card(number: str) -> str:
    """Bank card: first and last 4."""
    text = number.replace(" ", "")
    return text[:4] + "*" * (len(text) - 8) + text[-4:] if len(text) > 8 else "*" * len(text)


def mask_name(name: str) -> str:
    """王*; for every name, as long as it may be."""
    return name[:1] + "*" if name else ""


def mask_address(address: str) -> str:
    """Up to the street or village; what follows is hidden. Without one only the first six characters are shown."""
    found = _STREET.match(address)
    shown = found[0] if found else address[:6]
    return shown + "***" if len(address) > len(shown) else shown


def mask_text(text: str) -> str:
    """Running text: every identity, phone and account number in it is hidden in part."""
    text = _DISABILITY.sub(r"\1********\2**", text)
    text = _ID.sub(r"\1********\2", text)
    text = _LONG.sub(lambda found: mask_card(found[0]), text)
    text = _OLD_ID.sub(r"\1******\2", text)
    return _PHONE.sub(r"\1****\2", text)


def masked(value: str, field_type: FieldType = "text") -> str:
    """A personal field's value in part: numbers by their type, Chinese text as an address."""
    if field_type == "phone":
        return mask_phone(value)
    if field_type == "bank_card":
        return mask_card(value)
    if field_type == "text" and _CHINESE.search(value):
        return mask_address(value)
    return mask_number(value)


def mask_field(value: str, field_type: FieldType, personal: bool) -> str:
    """A field's value as people see it without a reason. `personal` is what its kind says; numbers always are."""
    if personal or field_type in ("id_number", "phone", "bank_card"):
        return masked(value, field_type)
    return mask_text(value)
