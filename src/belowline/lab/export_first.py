"""Write the first stage as an ONNX graph with weights of eight bits, as `belowline.lab.export_encoder` does."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import helper

from belowline.lab.export_encoder import Graph, finish

EPSILON = 1e-5


def build_first_graph(weights: Mapping[str, NDArray[Any]], *, whole_numbers: bool = True) -> bytes:
    """Return an ONNX model of the weights of `belowline.lab.train_first.FirstNet`, by their names there.

    Input: `ids` (batch, length), int64, texts of like length without padding. Output: `logits` (batch, labels).
    `whole_numbers` False keeps float32, to compare with.

    Raises:
        KeyError: a weight is missing.
    """
    graph = Graph(whole_numbers=whole_numbers)
    pieces = graph.node("Gather", graph.constant(weights["pieces"].astype(np.int32)), "ids")
    x = graph.look_up(pieces, weights["words.weight"])
    for number in range(sum(1 for name in weights if name.startswith("gates.") and name.endswith(".weight"))):
        near = _normalised(graph, x, weights, f"norms.{number}")
        gate = graph.dense(_neighbours(graph, near), weights[f"gates.{number}.weight"], weights[f"gates.{number}.bias"])
        value, opened = graph.parts(gate, [len(weights[f"gates.{number}.bias"]) // 2] * 2)
        x = graph.node("Add", x, graph.node("Mul", value, graph.node("Sigmoid", opened)))
    pooled = graph.mean_and_most(_normalised(graph, x, weights, "norm"))
    graph.whole_numbers = False  # the last steps are small: they stay exact
    hidden = graph.dense(pooled, weights["hidden.weight"], weights["hidden.bias"])
    hidden = graph.node("Mul", hidden, graph.node("Sigmoid", hidden))
    logits = graph.dense(hidden, weights["head.weight"], weights["head.bias"])
    graph.nodes.append(helper.make_node("Identity", [logits], ["logits"]))
    return finish(graph, {"logits": ["batch", len(weights["head.bias"])]})


def _normalised(graph: Graph, x: str, weights: Mapping[str, NDArray[Any]], name: str) -> str:
    norm = (graph.constant(weights[f"{name}.{part}"]) for part in ("weight", "bias"))
    return graph.node("LayerNormalization", x, *norm, epsilon=EPSILON)


def _neighbours(graph: Graph, x: str) -> str:
    """Put the vectors of the piece before, the piece itself and the piece after side by side."""
    near = graph.node("Pad", x, graph.constant(np.array([0, 1, 0, 0, 1, 0])))
    ends = (-2, -1, np.iinfo(np.int64).max)
    parts = [
        graph.node("Slice", near, *(graph.constant(np.array([at])) for at in (start, end, 1)))
        for start, end in enumerate(ends)
    ]
    return graph.node("Concat", *parts, axis=2)
