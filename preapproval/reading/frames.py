"""Messages between a process and its workers: JSON and blobs behind it, never pickled objects."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from typing import Any, BinaryIO

LENGTH = struct.Struct(">I")
LONGEST = 512 * 2**20
"""Bytes of one message; more is not believed."""


class Broken(Exception):
    """The other end is gone, or does not speak this language."""


def send(stream: BinaryIO, message: dict[str, Any], blobs: Sequence[bytes] = ()) -> None:
    """Raises Broken where nobody takes it."""
    head = json.dumps({"message": message, "blobs": [len(blob) for blob in blobs]}, ensure_ascii=False).encode()
    try:
        stream.write(LENGTH.pack(len(head)))
        stream.write(head)
        for blob in blobs:
            stream.write(blob)
        stream.flush()
    except (OSError, ValueError) as error:
        raise Broken("nobody listens") from error


def receive(stream: BinaryIO) -> tuple[dict[str, Any], list[bytes]]:
    """The next message with its blobs. Raises Broken at the end of the stream too."""
    try:
        head = json.loads(_exactly(stream, LENGTH.unpack(_exactly(stream, LENGTH.size))[0]))
        sizes = [int(size) for size in head["blobs"]]
        message = dict(head["message"])
    except (ValueError, KeyError, TypeError) as error:
        raise Broken("this is no message") from error
    return message, [_exactly(stream, size) for size in sizes]


def _exactly(stream: BinaryIO, size: int) -> bytes:
    if not 0 <= size <= LONGEST:
        raise Broken("this message is too long")
    try:
        data = stream.read(size)
    except (OSError, ValueError) as error:
        raise Broken("nobody speaks") from error
    if len(data) != size:
        raise Broken("the other end is gone")
    return data
