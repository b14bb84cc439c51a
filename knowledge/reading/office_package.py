"""The zip container of docx and xlsx, looked over before any office library opens it."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path

from knowledge.reading.document import Damaged

MAX_MEMBERS = 10_000
MAX_UNPACKED = 300 * 1024 * 1024
MAX_RATIO = 200
SMALL = 1024 * 1024
"""A member below this size may shrink by any ratio."""

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
TYPE_DECLARATION = re.compile("|".join("<\0?!\0?" + r"\0?".join(word) for word in ("DOCTYPE", "ENTITY")).encode(), re.I)


def check_package(path: Path, main: str) -> None:
    """Raise Damaged for what is not a sound, harmless package with a member named `main`."""
    with path.open("rb") as file:
        head = file.read(8)
    if head == OLE:
        if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
            raise Damaged("it is encrypted; remove the password and save it again")
        raise Damaged(
            f"it is an old Office file under a new name; save it as {path.suffix.lower()} in Word, Excel or WPS"
        )
    try:
        with zipfile.ZipFile(path) as package:
            _check_sizes(package)
            if main not in package.namelist():
                raise Damaged(f"it is damaged or no {path.suffix.lower()} file ({main} is missing)")
            _check_xml(package)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError) as error:
        raise Damaged(f"it is damaged ({error})") from error


def _check_sizes(package: zipfile.ZipFile) -> None:
    members = package.infolist()
    if len(members) > MAX_MEMBERS:
        raise Damaged(f"it packs {len(members):,} files, more than {MAX_MEMBERS:,}")
    if any(member.flag_bits & 1 for member in members):
        raise Damaged("it is encrypted; remove the password and save it again")
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED:
        raise Damaged(f"it unpacks to {unpacked // 1024**2:,} MB, more than {MAX_UNPACKED // 1024**2} MB")
    for member in members:
        if member.file_size > SMALL and member.file_size > MAX_RATIO * max(1, member.compress_size):
            raise Damaged(f"it is packed more than {MAX_RATIO} times smaller, as a zip bomb is")


def _check_xml(package: zipfile.ZipFile) -> None:
    """Office XML never declares a document type; a file that does may be an entity bomb."""
    for member in package.infolist():
        if not member.filename.lower().endswith((".xml", ".rels")):
            continue
        tail = b""
        with package.open(member) as file:
            while chunk := file.read(1 << 20):
                if TYPE_DECLARATION.search(tail + chunk):
                    raise Damaged("its XML declares entities, which no office program writes")
                tail = chunk[-40:]
