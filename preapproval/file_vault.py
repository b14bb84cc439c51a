"""Files of cases, sealed, on disk: <folder>/<case>/<random name>. A file is there wholly or not at all."""

from __future__ import annotations

import errno
import os
import re
import secrets
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from preapproval.vault import Vault
from preapproval.vault_keys import sync_folder

CASE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
REF = re.compile(r"[0-9a-f]{32}")
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
GRACE_S = 3600.0
"""So long a file may be on its way into the database before it counts as an orphan."""
HEAD = 256
"""Bytes at the front of a blob within which its wrapped data key lies."""


class StorageFull(Exception):
    """The disk took no more; nothing half written is left."""


class FileMissing(Exception):
    """No such file is stored."""


class BadReference(ValueError):
    """A case or a file was named as none can be."""


class FileVault:
    def __init__(self, folder: Path, vault: Vault) -> None:
        self.folder, self.vault = folder, vault

    def put(self, case_id: str, data: bytes) -> str:
        """Store `data` under a random name, which is returned. It outlives a power cut from then on.

        Raises StorageFull, BadReference.
        """
        ref = secrets.token_hex(16)
        self._write(self._path(case_id, ref), self.vault.seal(data, file_context(case_id, ref)))
        return ref

    def get(self, case_id: str, ref: str) -> bytes:
        """Raises FileMissing, BadReference, VaultDamaged, KeyMissing."""
        return self.vault.open(self.sealed(case_id, ref), file_context(case_id, ref))

    def sealed(self, case_id: str, ref: str) -> bytes:
        """The blob itself. Raises FileMissing, BadReference."""
        try:
            return self._path(case_id, ref).read_bytes()
        except FileNotFoundError as error:
            raise FileMissing(f"no file {ref} is stored for the case {case_id}") from error

    def delete(self, case_id: str, ref: str) -> bool:
        """Gone for good: its data key is overwritten before the name goes. False where there was none."""
        try:
            _destroy(self._path(case_id, ref))
        except FileNotFoundError:
            return False
        return True

    def delete_case(self, case_id: str) -> int:
        """Every file of a case, drafts too; returns how many."""
        folder, paths = self._case(case_id), []
        with suppress(FileNotFoundError):  # there is nothing, or another process was faster
            paths = list(folder.iterdir())
            for path in paths:
                with suppress(FileNotFoundError):
                    _destroy(path)
            folder.rmdir()
        return len(paths)

    def rewrap(self, case_id: str, ref: str) -> bool:
        """Bring one file under the newest key; False where it is there already. Raises as `get` and `put`."""
        sealed = self.vault.rewrap(self.sealed(case_id, ref), file_context(case_id, ref))
        if sealed is not None:
            self._write(self._path(case_id, ref), sealed)
        return sealed is not None

    def files(self) -> Iterator[tuple[str, str]]:
        """Case and name of every whole file."""
        for folder in sorted(self.folder.iterdir()) if self.folder.is_dir() else ():
            if CASE.fullmatch(folder.name) and folder.is_dir():
                yield from ((folder.name, path.name) for path in sorted(folder.iterdir()) if REF.fullmatch(path.name))

    def orphans(self, known: Collection[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Files older than an hour that no case knows: what an upload left that was cut off."""
        limit = time.time() - GRACE_S
        return tuple(one for one in self.files() if one not in known and _changed_at(self._path(*one)) < limit)

    def drop_drafts(self) -> int:
        """Delete what a killed process left half written; returns how many."""
        limit = time.time() - GRACE_S
        old = [path for path in self.folder.glob("*/.*") if _changed_at(path) < limit]
        for path in old:
            _destroy(path)
        return len(old)

    def _case(self, case_id: str) -> Path:
        if not CASE.fullmatch(case_id):
            raise BadReference("no case has such a number")
        return self.folder / case_id

    def _path(self, case_id: str, ref: str) -> Path:
        if not REF.fullmatch(ref):
            raise BadReference("no file has such a name")
        return self._case(case_id) / ref

    def _write(self, path: Path, sealed: bytes) -> None:
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_draft(draft, sealed)
            draft.rename(path)
            sync_folder(path.parent)
        except OSError as error:
            draft.unlink(missing_ok=True)
            if error.errno in FULL:
                raise StorageFull("the disk is full: nothing was stored") from error
            raise


def _changed_at(path: Path) -> float:
    """What is gone meanwhile is young enough to be left alone."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return time.time()


def _write_draft(draft: Path, sealed: bytes) -> None:
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())


def _destroy(path: Path) -> None:
    """Without its data key a blob says nothing, wherever the disk keeps copies of its blocks."""
    with path.open("r+b") as file:
        file.write(bytes(min(HEAD, path.stat().st_size)))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()


def file_context(case_id: str, ref: str) -> str:
    """To which a stored file is bound."""
    return f"file:{case_id}:{ref}"
