"""Write the encoder as an ONNX graph with weights of eight bits, for ONNX Runtime on a CPU.

The weights of dense steps are rounded per column to whole numbers of eight bits, the vectors of the vocabulary per row;
the inputs of dense steps are rounded as they come (dynamic quantisation; Jacob et al. 2018, arXiv 1712.05877). The
rest computes in float32. The graph uses ONNX Runtime's own operators, so that nothing depends on the fusions of an
optimiser.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

OPSET, OWN_OPSET, IR = 23, 1, 11
CONTRIB = "com.microsoft"
LEVELS = 127
DENSE = ("qkv", "out", "up", "down")
"""The dense steps of a layer, in their order."""

Array = NDArray[np.float32]


class Graph:
    """Collects nodes and constants."""

    def __init__(self, *, whole_numbers: bool) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.whole_numbers = whole_numbers
        self._names = 0

    def constant(self, value: NDArray[np.generic]) -> str:
        """Add a constant; return its name."""
        self._names += 1
        name = f"c{self._names}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, operator: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        """Add a node; return the name of its output."""
        self._names += 1
        name = f"v{self._names}"
        self.nodes.append(helper.make_node(operator, inputs, [name], domain=domain, **attributes))
        return name

    def parts(self, x: str, sizes: Sequence[int]) -> list[str]:
        """Add a cut of the last axis into parts of these sizes; return their names."""
        self._names += 1
        names = [f"v{self._names}_{number}" for number in range(len(sizes))]
        self.nodes.append(helper.make_node("Split", [x, self.constant(np.array(sizes))], names, axis=-1))
        return names

    def dense(self, x: str, weight: Array, bias: Array) -> str:
        """Add x @ weight.T + bias; `weight` has the shape (out, in)."""
        if not self.whole_numbers:
            return self.node("Add", self.node("MatMul", x, self.constant(weight.T)), self.constant(bias))
        scale = np.maximum(np.abs(weight).max(axis=1), 1e-8) / LEVELS
        levels = np.rint(weight / scale[:, None]).astype(np.int8)
        given = (self.constant(levels.T), self.constant(scale.astype(np.float32)), "", self.constant(bias))
        return self.node("DynamicQuantizeMatMul", x, *given, domain=CONTRIB)

    def look_up(self, ids: str, table: Array) -> str:
        """Add the look-up of rows of a table."""
        if not self.whole_numbers:
            return self.node("Gather", self.constant(table), ids)
        scale = np.maximum(np.abs(table).max(axis=1, keepdims=True), 1e-8) / LEVELS
        levels = self.node("Gather", self.constant(np.rint(table / scale).astype(np.int8)), ids)
        factor = self.node("Gather", self.constant(scale.astype(np.float32)), ids)
        return self.node("Mul", self.node("Cast", levels, to=TensorProto.FLOAT), factor)

    def add_and_normalise(self, x: str, y: str, norm: tuple[Array, Array], epsilon: float) -> str:
        """Add the layer norm of x + y: two steps, for the operator that does both takes three times as long."""
        return self.node(
            "LayerNormalization", self.node("Add", x, y), *(self.constant(part) for part in norm), epsilon=epsilon
        )

    def mean_and_most(self, x: str) -> str:
        """Add the mean and the maximum of x over tokens, side by side: shape (batch, 2 x width)."""
        axis = self.constant(np.array([1]))
        return self.node(
            "Concat", *(self.node(name, x, axis, keepdims=0) for name in ("ReduceMean", "ReduceMax")), axis=1
        )


def build_graph(
    weights: Mapping[str, Array], *, heads: int, epsilon: float = 1e-12, whole_numbers: bool = True
) -> bytes:
    """Return an ONNX model of the weights of `belowline.lab.minilm.Encoder`, by their names there.

    Input: `ids` (batch, length), int64, texts of like length without padding. Outputs: `logits` (batch, labels);
    `marks` (batch, length, kinds); `pooled` (batch, 2 x width): the mean and the maximum over tokens, out of which the
    logits come and a newsroom's head learns. `whole_numbers` False keeps float32, to compare with.

    Raises:
        KeyError: a weight is missing.
    """
    graph = Graph(whole_numbers=whole_numbers)
    x = _states(graph, weights, heads=heads, epsilon=epsilon)
    pooled = graph.mean_and_most(x)
    graph.whole_numbers = False  # the last steps are small: they stay exact
    logits = graph.dense(pooled, weights["head.weight"], weights["head.bias"])
    marks = graph.dense(x, weights["marks.weight"], weights["marks.bias"])
    graph.nodes.append(helper.make_node("Identity", [logits], ["logits"]))
    graph.nodes.append(helper.make_node("Identity", [marks], ["marks"]))
    graph.nodes.append(helper.make_node("Identity", [pooled], ["pooled"]))
    labels, kinds, width = len(weights["head.bias"]), len(weights["marks.bias"]), weights["words.weight"].shape[1]
    shapes: dict[str, list[str | int]] = {"logits": ["batch", labels], "marks": ["batch", "length", kinds]}
    return finish(graph, shapes | {"pooled": ["batch", 2 * width]})


def read_graph(model: bytes) -> dict[str, Array]:
    """Return the weights in a graph of `build_graph` by their names in `belowline.lab.minilm.Encoder`, as float32.

    What was rounded to eight bits is not rounded any further: the graph of these weights is the same again.

    Raises:
        ValueError: the graph is another one, or keeps its weights in float32.
    """
    graph = onnx.load_model_from_string(model).graph
    constants = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    steps: dict[str, list[list[Array]]] = {}
    for node in graph.node:
        given = [constants[name] for name in node.input if name in constants]
        if given:
            steps.setdefault(node.op_type, []).append(given)
    try:
        return _named(steps)
    except (LookupError, ValueError) as error:
        raise ValueError("this is no graph of an encoder with weights of eight bits") from error


def _named(steps: Mapping[str, Sequence[Sequence[Array]]]) -> dict[str, Array]:
    """Name the constants of a graph, which stand in the order in which `build_graph` adds them."""
    norms = iter(steps["LayerNormalization"])
    dense = iter(steps["DynamicQuantizeMatMul"])
    (table,), (height,), *_ = steps["Gather"]
    places = next(one for one, *_ in steps["Slice"] if one.ndim > 1)  # the other slice is of the text's shape
    weights = {"words.weight": table * height, "places.weight": places}
    weights["norm.weight"], weights["norm.bias"] = next(norms)
    for number in range(len(steps["DynamicQuantizeMatMul"]) // len(DENSE)):
        name = f"layers.{number}"
        for part in DENSE:
            levels, scale, weights[f"{name}.{part}.bias"] = next(dense)
            weights[f"{name}.{part}.weight"] = (levels * scale).T
        for norm in ("norm_1", "norm_2"):
            weights[f"{name}.{norm}.weight"], weights[f"{name}.{norm}.bias"] = next(norms)
    heads = zip(("head", "marks"), steps["MatMul"], steps["Add"][-2:], strict=True)
    for name, (weight,), (bias,) in heads:
        weights[f"{name}.weight"], weights[f"{name}.bias"] = weight.T, bias
    return {name: np.array(array, dtype=np.float32, order="C") for name, array in weights.items()}


def build_states_graph(
    weights: Mapping[str, Array], *, heads: int, epsilon: float = 1e-12, whole_numbers: bool = True
) -> bytes:
    """Return an ONNX model as `build_graph` does, with one output: `states` (batch, length, width) of the last layer.

    Raises:
        KeyError: a weight is missing.
    """
    graph = Graph(whole_numbers=whole_numbers)
    x = _states(graph, weights, heads=heads, epsilon=epsilon)
    graph.nodes.append(helper.make_node("Identity", [x], ["states"]))
    return finish(graph, {"states": ["batch", "length", weights["words.weight"].shape[1]]})


def _states(graph: Graph, weights: Mapping[str, Array], *, heads: int, epsilon: float) -> str:
    """Add all layers; return the name of the last one's output."""
    places = graph.node("Slice", graph.constant(weights["places.weight"]), *_first_places(graph))
    x = graph.node("Add", graph.look_up("ids", weights["words.weight"]), places)
    x = graph.node("LayerNormalization", x, *(graph.constant(part) for part in _norm(weights, "norm")), epsilon=epsilon)
    layers = sum(1 for name in weights if name.endswith(".qkv.weight"))
    for number in range(layers):
        x = _layer(graph, x, weights, f"layers.{number}", heads=heads, epsilon=epsilon)
    return x


def _layer(  # noqa: PLR0913 - a layer has these parts
    graph: Graph, x: str, weights: Mapping[str, Array], name: str, *, heads: int, epsilon: float
) -> str:
    width = weights["words.weight"].shape[1]
    dense = {part: (weights[f"{name}.{part}.weight"], weights[f"{name}.{part}.bias"]) for part in DENSE}
    seen = graph.node(
        "Attention", *graph.parts(graph.dense(x, *dense["qkv"]), [width] * 3), q_num_heads=heads, kv_num_heads=heads
    )
    x = graph.add_and_normalise(graph.dense(seen, *dense["out"]), x, _norm(weights, f"{name}.norm_1"), epsilon)
    inner = graph.node("Gelu", graph.dense(x, *dense["up"]))
    return graph.add_and_normalise(graph.dense(inner, *dense["down"]), x, _norm(weights, f"{name}.norm_2"), epsilon)


def _first_places(graph: Graph) -> tuple[str, str, str]:
    """Return start, end and axis of a slice as long as the text."""
    shape = graph.node("Shape", "ids")
    end = graph.node("Slice", shape, *(graph.constant(np.array([at])) for at in (1, 2)))
    return graph.constant(np.array([0])), end, graph.constant(np.array([0]))


def _norm(weights: Mapping[str, Array], name: str) -> tuple[Array, Array]:
    return weights[f"{name}.weight"], weights[f"{name}.bias"]


def finish(graph: Graph, outputs: Mapping[str, list[str | int]]) -> bytes:
    """Return the model of a graph that reads `ids` and gives these outputs, by name and shape."""
    inputs = [helper.make_tensor_value_info("ids", TensorProto.INT64, ["batch", "length"])]
    given = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs.items()]
    whole = helper.make_graph(graph.nodes, "encoder", inputs, given, graph.constants)
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, OWN_OPSET)]
    model = helper.make_model(whole, opset_imports=opsets, producer_name="belowline", ir_version=IR)
    return bytes(model.SerializeToString(deterministic=True))
