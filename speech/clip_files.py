"""Spoken sentences as files: written whole or not at all, checked when read, the least used giving way."""

from __future__ import annotations

import json
import logging
import os
import struct
import tempfile
import threading
import time
import zlib
from contextlib import suppress
from pathlib import Path

from speech.audio import from_pcm16, to_pcm16
from speech.synthesizer import Sound, Speech

SWEEP_EVERY = 64
"""Clips written between two looks at the folder, which other processes fill too."""
FILLED_TO = 0.9
"""Of the bytes allowed, what a sweep leaves."""
ABANDONED_S = 3600.0
"""A temporary file of this age belongs to a process that is gone."""

_HEAD = struct.Struct("<4sI")
"""Magic, CRC-32 of all that follows: the length of the JSON, the JSON, the samples."""
_LENGTH = struct.Struct("<I")
_MAGIC = b"XXC1"

logger = logging.getLogger(__name__)


class DamagedClip(Exception):
    """The bytes are not those that were written."""


def packed(speech: Speech) -> bytes:
    sounds = [(one.char, one.phone, round(one.start, 4), round(one.end, 4)) for one in speech.sounds]
    about = json.dumps({"rate": speech.rate, "sounds": sounds}, ensure_ascii=False, separators=(",", ":")).encode()
    body = _LENGTH.pack(len(about)) + about + to_pcm16(speech.samples)
    return _HEAD.pack(_MAGIC, zlib.crc32(body)) + body


def unpacked(data: bytes) -> Speech:
    """Raises DamagedClip."""
    head, body = data[: _HEAD.size], data[_HEAD.size :]
    if head != _HEAD.pack(_MAGIC, zlib.crc32(body)) or len(body) < _LENGTH.size:
        raise DamagedClip
    sound_at = _LENGTH.size + _LENGTH.unpack_from(body)[0]
    about = json.loads(body[_LENGTH.size : sound_at])
    return Speech(from_pcm16(body[sound_at:]), about["rate"], tuple(Sound(*one) for one in about["sounds"]))


class ClipFolder:
    """Files by key, the least used of which give way. Several processes may share it; a full disk does no harm."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self.folder, self.most_bytes = folder, most_bytes
        self._lock = threading.Lock()
        self._bytes, self._unswept = 0, 0
        self._failing = False
        self._sweep()

    def path(self, key: str) -> Path:
        return self.folder / f"{key}.clip"

    def read(self, key: str) -> Speech | None:
        """A damaged file is no clip, and is removed."""
        path = self.path(key)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        try:
            speech = unpacked(data)
        except DamagedClip:
            logger.warning("the clip %s was damaged and is spoken anew", path.name)
            with suppress(OSError):
                path.unlink(missing_ok=True)
            return None
        self.touch(key)
        return speech

    def touch(self, key: str) -> None:
        """Note that it was heard: times of reading are often not kept by the disk."""
        with suppress(OSError):
            os.utime(self.path(key))

    def write(self, key: str, speech: Speech) -> None:
        data = packed(speech)
        try:
            self._replace(self.path(key), data)
        except OSError as error:
            with self._lock:
                first, self._failing = not self._failing, True
            if first:
                logger.warning("clips cannot be kept in %s: %s", self.folder, error)
            return
        with self._lock:
            self._failing = False
            self._bytes += len(data)
            self._unswept += 1
            due = self._bytes > self.most_bytes or self._unswept >= SWEEP_EVERY
        if due:
            self._sweep()

    def _replace(self, path: Path, data: bytes) -> None:
        """All of the file or nothing of it, whatever happens meanwhile."""
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(suffix=".part", dir=self.folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.replace(temporary, path)
        except OSError:
            with suppress(OSError):
                os.unlink(temporary)
            raise

    def _sweep(self) -> None:
        """Count what is there, and remove what was not heard for longest where it is too much."""
        found = []
        for path in [*self.folder.glob("*.clip"), *self.folder.glob("*.part")]:
            with suppress(OSError):
                status = path.stat()
                found.append((status.st_mtime, status.st_size, path))
        kept = [one for one in found if one[2].suffix == ".clip"]
        gone = [path for at, _, path in found if path.suffix == ".part" and time.time() - at > ABANDONED_S]
        total = sum(size for _, size, _ in kept)
        if total > self.most_bytes:
            for _, size, path in sorted(kept):
                if total <= FILLED_TO * self.most_bytes:
                    break
                gone.append(path)
                total -= size
        for path in gone:
            with suppress(OSError):
                path.unlink(missing_ok=True)
        with self._lock:
            self._bytes, self._unswept = total, 0
