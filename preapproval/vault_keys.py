"""Keys of the vault, one file each in a folder of its own: 0001.json, 0002.json …, and blind.json for the search index.

A key file is complete from the moment it has its name, and is never written again: processes that start together agree
on who was first, and a rotation cannot lose an older key.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KEY_BYTES = 32
NUMBERED = re.compile(r"\d{4}\.json")
BLIND = "blind.json"


class VaultError(Exception):
    """The vault cannot be used; the message is a sentence for who runs the service."""


class KeyMissing(VaultError):
    """A key that is needed is not in the folder, or its file cannot be read."""


@dataclass(frozen=True)
class Key:
    """`id` begins with the number of its file; its random end tells it from the same number of another installation."""

    id: str
    secret: bytes


@dataclass(frozen=True)
class Keyring:
    """Every key, oldest first. The last one seals; all of them open."""

    keys: tuple[Key, ...]
    blind: bytes

    @property
    def newest(self) -> Key:
        return self.keys[-1]

    def find(self, key_id: str) -> Key | None:
        return next((key for key in self.keys if key.id == key_id), None)


def load_keyring(folder: Path, make: bool = True) -> Keyring:
    """The keys of `folder`; with `make`, made there on first use.

    The search key is made first of all: one that was lost is never made anew, since nobody would notice.
    Raises KeyMissing where a file is damaged or lost.
    """
    if make:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _numbered(folder):
            _create(folder / BLIND, "blind")
            _create(folder / "0001.json", _name(1))
    keys = tuple(_read(path) for path in _numbered(folder))
    if not keys:
        raise KeyMissing(f"{folder} holds no key: restore it from your backup")
    return Keyring(keys, _read(folder / BLIND).secret)


def add_key(folder: Path) -> Key:
    """One more key, which seals from now on. Two at once make two keys."""
    while True:
        number = int(_numbered(folder)[-1].stem) + 1
        with suppress(FileExistsError):
            return _write_once(folder / f"{number:04}.json", _name(number))


def open_to_others(folder: Path) -> tuple[Path, ...]:
    """Key files that other accounts of this machine may read."""
    return tuple(path for path in sorted(folder.glob("*.json")) if path.stat().st_mode & 0o077)


def _numbered(folder: Path) -> list[Path]:
    names = folder.iterdir() if folder.is_dir() else ()
    return sorted(path for path in names if NUMBERED.fullmatch(path.name))


def _create(path: Path, key_id: str) -> None:
    with suppress(FileExistsError):  # another process was first
        _write_once(path, key_id)


def _name(number: int) -> str:
    return f"{number:04}-{secrets.token_hex(4)}"


def _write_once(path: Path, key_id: str) -> Key:
    """Raises FileExistsError where the name is taken, even by a process that took it this instant."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"id": key_id, "secret": base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}, file)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    finally:
        draft.unlink()
    sync_folder(path.parent)
    return _read(path)


def sync_folder(folder: Path) -> None:
    """Make a name in it outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read(path: Path) -> Key:
    try:
        content: dict[str, Any] = json.loads(path.read_text("utf-8"))
        key = Key(content["id"], base64.b64decode(content["secret"], validate=True))
    except OSError as error:
        raise KeyMissing(f"the key {path} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise KeyMissing(f"the key {path} is damaged: restore it from your backup") from error
    if len(key.secret) != KEY_BYTES or not isinstance(key.id, str) or not 0 < len(key.id.encode()) < 256:
        raise KeyMissing(f"the key {path} is damaged: restore it from your backup")
    return key
