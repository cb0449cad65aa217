"""The graph says what the formulas say; in eight bits nearly so; and a text says the same in company."""

from math import erf

import numpy as np
import onnx
import pytest
from tiny_formulas import steps

from belowline.engine.models.tokens import open_graph
from belowline.lab.export_encoder import build_graph, build_states_graph, read_graph

WIDTH, HEADS, LAYERS, INNER, WORDS, PLACES, LABELS, KINDS = 24, 2, 2, 48, 50, 32, 8, 5
EPSILON = 1e-12
gelu = np.vectorize(lambda x: x * (1 + erf(x / 2**0.5)) / 2)


def made_weights(seed=0):
    draw = np.random.default_rng(seed)
    shapes = {
        "words": (WORDS, WIDTH),
        "places": (PLACES, WIDTH),
        "norm": (WIDTH,),
        "head": (LABELS, 2 * WIDTH),
        "marks": (KINDS, WIDTH),
    }
    for number in range(LAYERS):
        parts = {"qkv": (3 * WIDTH, WIDTH), "out": (WIDTH, WIDTH), "up": (INNER, WIDTH), "down": (WIDTH, INNER)}
        parts |= {"norm_1": (WIDTH,), "norm_2": (WIDTH,)}
        shapes |= {f"layers.{number}.{name}": shape for name, shape in parts.items()}
    weights = {}
    for name, shape in shapes.items():
        size = 0.3 if len(shape) > 1 else 0.1
        weights[f"{name}.weight"] = draw.normal(len(shape) == 1, size, shape).astype(np.float32)
        if name not in {"words", "places"}:
            weights[f"{name}.bias"] = draw.normal(0, 0.1, shape[:1]).astype(np.float32)
    return weights


def forward(weights, ids):
    """Compute one text in float64 by the formulas of the paper; return logits and marks."""
    norm, dense = steps(weights, EPSILON)

    def attention(x, name):
        size = WIDTH // HEADS
        seen = np.zeros_like(x)
        q, k, v = np.split(dense(x, f"{name}.qkv"), 3, axis=-1)
        for head in range(HEADS):
            at = slice(head * size, (head + 1) * size)
            share = np.exp(q[:, at] @ k[:, at].T / size**0.5)
            seen[:, at] = share / share.sum(-1, keepdims=True) @ v[:, at]
        return dense(seen, f"{name}.out")

    x = norm(weights["words.weight"][ids].astype(np.float64) + weights["places.weight"][: len(ids)], "norm")
    for number in range(LAYERS):
        name = f"layers.{number}"
        x = norm(x + attention(x, name), f"{name}.norm_1")
        x = norm(x + dense(gelu(dense(x, f"{name}.up")), f"{name}.down"), f"{name}.norm_2")
    pooled = np.concatenate((x.mean(0), x.max(0)))
    return dense(pooled, "head"), dense(x, "marks"), pooled


@pytest.fixture(scope="module")
def weights():
    return made_weights()


@pytest.fixture(scope="module")
def texts():
    draw = np.random.default_rng(1)
    return [draw.integers(0, WORDS, size) for size in (1, 2, 7, 19, PLACES)]


@pytest.fixture(scope="module")
def exact(weights):
    return build_graph(weights, heads=HEADS, whole_numbers=False)


@pytest.fixture(scope="module")
def rounded(weights):
    return build_graph(weights, heads=HEADS)


def read(graph, *texts):
    """Run the graph on texts of like length together."""
    return open_graph(graph).run(["logits", "marks"], {"ids": np.stack(texts)})


def read_each(graph, texts):
    """Run the graph on texts one by one; return their logits and the marks of all their tokens."""
    logits, marks = zip(*(read(graph, text) for text in texts), strict=True)
    return np.concatenate(logits), np.concatenate([found[0] for found in marks])


class TestFloat:
    def test_it_says_what_the_formulas_say(self, exact, weights, texts):
        for text in texts:
            logits, marks, _ = forward(weights, text)
            found, (tokens,) = read(exact, text)
            np.testing.assert_allclose(found[0], logits, atol=1e-4)
            np.testing.assert_allclose(tokens, marks, atol=1e-4)

    def test_it_gives_the_vector_that_the_logits_come_from(self, exact, rounded, weights, texts):
        for text in texts:
            *_, pooled = forward(weights, text)
            for graph, near in ((exact, 1e-4), (rounded, 0.5)):
                (found,) = open_graph(graph).run(["pooled"], {"ids": text[None]})
                np.testing.assert_allclose(found[0], pooled, atol=near)

    def test_company_changes_nothing(self, exact, texts):
        alike = [texts[3], texts[3][::-1]]
        together, tokens = read(exact, *alike)
        for place, text in enumerate(alike):
            alone, (marks,) = read(exact, text)
            np.testing.assert_allclose(together[place], alone[0], atol=1e-4)
            np.testing.assert_allclose(tokens[place], marks, atol=1e-4)
        assert not np.allclose(together[0], together[1], atol=1e-4)

    @pytest.mark.parametrize("heads", [1, 3, 4])
    def test_the_heads_matter(self, exact, weights, texts, heads):
        other = build_graph(weights, heads=heads, whole_numbers=False)
        assert not np.allclose(read(exact, texts[2])[0], read(other, texts[2])[0], atol=1e-4)


class TestEightBits:
    def test_it_is_near_the_float_graph(self, exact, rounded, texts):
        for one, other in zip(read_each(exact, texts), read_each(rounded, texts), strict=True):
            assert np.abs(one - other).mean() < 0.05 * one.std()
            assert np.abs(one - other).max() < 0.3 * one.std()

    def test_company_changes_only_the_rounding(self, rounded, texts):
        alike = [texts[3], texts[3][::-1]]
        together, _ = read(rounded, *alike)
        alone, _ = read_each(rounded, alike)
        assert np.abs(together - alone).mean() < 0.05 * alone.std()
        assert np.abs(together - alone).max() < 0.3 * alone.std()

    def test_the_table_and_the_steps_of_each_layer_are_eight_bits(self, exact, rounded):
        assert self.whole(rounded) == 1 + 4 * LAYERS
        assert self.whole(exact) == 0
        assert len(rounded) < len(exact)

    def whole(self, graph):
        constants = onnx.load_from_string(graph).graph.initializer
        return sum(constant.data_type == onnx.TensorProto.INT8 for constant in constants)

    def test_rows_and_columns_of_zeros_are_no_division_by_zero(self, weights):
        zeros = {name: np.zeros_like(weights[name]) for name in ("words.weight", "layers.0.out.weight")}
        logits, (marks,) = read(build_graph(weights | zeros, heads=HEADS), np.array([0, 0]))
        assert np.isfinite(logits).all()
        assert np.isfinite(marks).all()


class TestFile:
    @pytest.mark.parametrize("name", ["exact", "rounded"])
    def test_its_inputs_and_outputs_are_named(self, name, request):
        model = onnx.load_from_string(request.getfixturevalue(name))
        assert [one.name for one in model.graph.input] == ["ids"]
        assert [one.name for one in model.graph.output] == ["logits", "marks", "pooled"]
        names = [name for node in model.graph.node for name in node.output if name]
        assert len(names) == len(set(names))

    def test_same_weights_same_bytes(self, weights, exact, rounded):
        again = {name: value.copy() for name, value in reversed(weights.items())}
        assert build_graph(again, heads=HEADS) == rounded
        assert build_graph(again, heads=HEADS, whole_numbers=False) == exact
        assert build_graph(made_weights(1), heads=HEADS) != rounded

    @pytest.mark.parametrize("whole_numbers", [False, True])
    @pytest.mark.parametrize("name", ["words.weight", "layers.1.up.bias", "layers.0.norm_2.weight", "marks.bias"])
    def test_a_missing_weight_is_named(self, weights, name, whole_numbers):
        lacking = {key: value for key, value in weights.items() if key != name}
        with pytest.raises(KeyError, match=name):
            build_graph(lacking, heads=HEADS, whole_numbers=whole_numbers)


class TestRead:
    def test_the_graph_of_what_was_read_is_the_same_again(self, weights, rounded):
        found = read_graph(rounded)
        assert build_graph(found, heads=HEADS) == rounded
        assert found.keys() == weights.keys()
        for name, value in weights.items():
            assert found[name].shape == value.shape, name
            np.testing.assert_allclose(found[name], value, atol=np.abs(value).max() / 127, err_msg=name)

    def test_other_graphs_are_refused(self, weights, exact):
        for other in (exact, build_states_graph(weights, heads=HEADS)):
            with pytest.raises(ValueError, match="no graph of an encoder with weights of eight bits"):
                read_graph(other)
