"""The graph of the first stage says what the formulas say; in eight bits nearly so."""

import numpy as np
import pytest
from tiny_formulas import steps

from belowline.engine.models.tokens import open_graph
from belowline.lab.export_first import EPSILON, build_first_graph

WIDTH, LAYERS, PIECES, TOKENS, LABELS = 12, 2, 20, 30, 8


def made_weights(seed=0):
    draw = np.random.default_rng(seed)

    def some(*shape, mean=0.0):
        return draw.normal(mean, 0.4, shape).astype(np.float32)

    weights = {"pieces": draw.integers(0, PIECES, TOKENS), "words.weight": some(PIECES, WIDTH)}
    for name in ("norm", *(f"norms.{number}" for number in range(LAYERS))):
        weights |= {f"{name}.weight": some(WIDTH, mean=1.0), f"{name}.bias": some(WIDTH)}
    shapes = {f"gates.{number}": (2 * WIDTH, 3 * WIDTH) for number in range(LAYERS)}
    for name, shape in (shapes | {"hidden": (WIDTH, 2 * WIDTH), "head": (LABELS, WIDTH)}).items():
        weights |= {f"{name}.weight": some(*shape), f"{name}.bias": some(shape[0])}
    return weights


def forward(weights, ids):
    """Compute one text in float64 by the formulas of the paper."""
    norm, dense = steps(weights, EPSILON)

    def silu(x):
        return x / (1 + np.exp(-x))

    x = weights["words.weight"].astype(np.float64)[weights["pieces"][ids]]
    for number in range(LAYERS):
        near = np.pad(norm(x, f"norms.{number}"), ((1, 1), (0, 0)))
        value, opened = np.split(dense(np.hstack((near[:-2], near[1:-1], near[2:])), f"gates.{number}"), 2, axis=-1)
        x = x + value / (1 + np.exp(-opened))
    x = norm(x, "norm")
    return dense(silu(dense(np.concatenate((x.mean(0), x.max(0))), "hidden")), "head")


def run(graph, texts):
    """Return the logits of texts, each by itself."""
    session = open_graph(graph)
    return np.concatenate([session.run(None, {"ids": text[None]})[0] for text in texts])


@pytest.fixture(scope="module")
def weights():
    return made_weights()


@pytest.fixture(scope="module")
def texts():
    draw = np.random.default_rng(1)
    return [draw.integers(0, TOKENS, size) for size in (2, 3, 9, 40)]


def test_it_says_what_the_formulas_say(weights, texts):
    graph = build_first_graph(weights, whole_numbers=False)
    for text in texts:
        np.testing.assert_allclose(run(graph, [text])[0], forward(weights, text), atol=1e-4)


def test_company_changes_nothing(weights, texts):
    graph = build_first_graph(weights, whole_numbers=False)
    alike = [texts[2], texts[2][::-1]]
    (together,) = open_graph(graph).run(None, {"ids": np.stack(alike)})
    np.testing.assert_allclose(together, run(graph, alike), atol=1e-4)
    assert not np.allclose(together[0], together[1], atol=1e-4)


def test_in_eight_bits_it_says_nearly_the_same(weights, texts):
    exact, rounded = (run(build_first_graph(weights, whole_numbers=whole), texts) for whole in (False, True))
    assert np.abs(exact - rounded).mean() < 0.05 * exact.std()


def test_eight_bits_take_a_quarter_of_the_room():
    large = made_weights() | {"words.weight": np.ones((20_000, WIDTH), np.float32)}
    whole, exact = (len(build_first_graph(large, whole_numbers=whole)) for whole in (True, False))
    assert whole < exact * 0.4


def test_the_same_weights_are_the_same_bytes(weights):
    assert build_first_graph(weights) == build_first_graph(made_weights())


def test_a_missing_weight_is_named(weights):
    with pytest.raises(KeyError, match=r"head\.bias"):
        build_first_graph({name: value for name, value in weights.items() if name != "head.bias"})
