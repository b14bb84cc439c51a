"""The e5 encoder as an ONNX graph: token ids of texts of one length in, normalised sentence vectors out.

There is no attention mask: texts are encoded one at a time, so a vector never depends on its neighbours.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from knowledge.e5_weights import BLOCK, Q4, Weights

EPSILON = 1e-12
MICROSOFT = "com.microsoft"


class Graph:
    """An ONNX graph under construction. Every node is named for its one output."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, values: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.array(values, order="C"), name))
        return name

    def packed_uint4(self, name: str, dims: tuple[int, int], packed: NDArray[np.uint8]) -> str:
        self.constants.append(helper.make_tensor(name, TensorProto.UINT4, dims, packed.tobytes(), raw=True))
        return name

    def node(self, kind: str, inputs: list[str], output: str, *, domain: str = "", **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, domain=domain, **attributes))
        return output


Linear = Callable[[Graph, str, str, Q4], str]
"""Multiply input (second name) by the transposed matrix; the first name is that of the output."""


def linear_q4(graph: Graph, name: str, source: str, matrix: Q4) -> str:
    """The 4-bit blocks as they are."""
    rows, columns = matrix.nibbles.shape
    blocks = graph.constant(f"{name}.q", matrix.packed().reshape(rows, columns // BLOCK, BLOCK // 2))
    scales = graph.constant(f"{name}.s", matrix.scales.reshape(-1))
    return graph.node(
        "MatMulNBits", [source, blocks, scales], name, domain=MICROSOFT,
        K=columns, N=rows, bits=4, block_size=BLOCK, accuracy_level=4,
    )  # fmt: skip


def linear_int8(graph: Graph, name: str, source: str, matrix: Q4) -> str:
    """One scale a row, whole numbers to 64; the input is quantised as it comes.

    With 127 instead, processors without VNNI add two products in 16 bits and saturate (cosines then differ
    from machine to machine); 64 costs nothing measurable: mean cosine with float32 is .997 either way.
    """
    dense = matrix.dense()
    scales = np.abs(dense).max(axis=1) / 64
    whole = np.rint(dense / scales[:, None]).astype(np.int8).T
    return graph.node(
        "DynamicQuantizeMatMul",
        [source, graph.constant(f"{name}.q", whole), graph.constant(f"{name}.s", scales.astype(np.float32))],
        name,
        domain=MICROSOFT,
    )


LINEAR: dict[str, Linear] = {"int8": linear_int8, "q4": linear_q4}


def encoder(weights: Weights, variant: str) -> onnx.ModelProto:
    """`weights` with its vocabulary already pruned -> model with input `ids` int64 (texts, tokens)."""
    graph = Graph()
    hidden = _embed(graph, weights)
    for layer in range(weights.shape.layers):
        hidden = _layer(graph, weights, f"l{layer}", hidden, LINEAR[variant])
    mean = graph.node("ReduceMean", [hidden, graph.constant("over_tokens", np.array([1]))], "mean", keepdims=0)
    graph.node("LpNormalization", [mean], "vectors", axis=-1, p=2)
    ids = helper.make_tensor_value_info("ids", TensorProto.INT64, ["texts", "tokens"])
    out = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["texts", weights.shape.hidden])
    made = helper.make_graph(graph.nodes, "e5", [ids], [out], graph.constants)
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(made, opset_imports=opsets, ir_version=10, producer_name="xiaoxin")


def _embed(graph: Graph, weights: Weights) -> str:
    word, hidden = weights.matrices["emb.word"], weights.shape.hidden
    count = len(word.nibbles)
    zeros = np.full((count * hidden // BLOCK + 1) // 2, 0x88, np.uint8)
    words = graph.node(
        "GatherBlockQuantized",
        [
            graph.packed_uint4("word.q", (count, hidden), word.packed()),
            "ids",
            graph.constant("word.s", word.scales),
            graph.packed_uint4("word.z", (count, hidden // BLOCK), zeros),
        ],
        "words", domain=MICROSOFT, block_size=BLOCK, gather_axis=0, quantize_axis=1,
    )  # fmt: skip
    table = weights.vectors["emb.pos"].reshape(-1, hidden) + weights.vectors["emb.type"][:hidden]
    length = graph.node("Shape", ["ids"], "length", start=1, end=2)
    zero = graph.constant("zero", np.array([0]))
    places = graph.node("Slice", [graph.constant("places.w", table), zero, length, zero], "places")
    total = graph.node("Add", [words, places], "embedded")
    gain = graph.constant("emb.ln.w", weights.vectors["emb.ln.w"])
    shift = graph.constant("emb.ln.b", weights.vectors["emb.ln.b"])
    return graph.node("LayerNormalization", [total, gain, shift], "emb.ln", axis=-1, epsilon=EPSILON)


def _layer(graph: Graph, weights: Weights, layer: str, hidden: str, linear: Linear) -> str:
    def vector(part: str) -> str:
        return graph.constant(f"{layer}.{part}", weights.vectors[f"{layer}.{part}"])

    def product(part: str, source: str) -> str:
        return linear(graph, f"{layer}.{part}", source, weights.matrices[f"{layer}.{part}.w"])

    def add_and_norm(skip: str, values: str, bias: str, norm: str) -> str:
        return graph.node(
            "SkipLayerNormalization",
            [values, skip, vector(f"{norm}.w"), vector(f"{norm}.b"), vector(f"{bias}.b")],
            f"{layer}.{norm}", domain=MICROSOFT, epsilon=EPSILON,
        )  # fmt: skip

    biases = np.concatenate([weights.vectors[f"{layer}.{part}.b"] for part in "qkv"])
    attended = graph.node(
        "MultiHeadAttention",
        [*(product(part, hidden) for part in "qkv"), graph.constant(f"{layer}.qkv.b", biases)],
        f"{layer}.attention", domain=MICROSOFT, num_heads=weights.shape.heads,
    )  # fmt: skip
    middle = add_and_norm(hidden, product("ao", attended), "ao", "aln")
    inner = graph.node("BiasGelu", [product("fi", middle), vector("fi.b")], f"{layer}.gelu", domain=MICROSOFT)
    return add_and_norm(middle, product("fo", inner), "fo", "oln")
