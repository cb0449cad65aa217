"""Products of eight bits: exact on every processor, and by the slower way only where it is needed."""

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from belowline.engine.models import tokens
from belowline.engine.models.overflow import DEPTH, EXACT, HIGHEST, PROBE, products_overflow
from belowline.engine.models.tokens import open_graph
from belowline.lab.export_encoder import CONTRIB, OWN_OPSET

OPSET, IR = 17, 8
"""Those of the probe."""
WIDTH = 8


def finished(steps, constants, name):
    given, found = (
        helper.make_tensor_value_info(value, TensorProto.FLOAT, [2, size])
        for value, size in (("x", DEPTH), ("y", WIDTH))
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, OWN_OPSET)]
    graph = helper.make_graph(steps, name, [given], [found], constants)
    return helper.make_model(graph, opset_imports=opsets, ir_version=IR).SerializeToString(deterministic=True)


def product():
    return helper.make_node("DynamicQuantizeMatMul", ["x", "weights", "scale"], ["y"], domain=CONTRIB)


@pytest.fixture(scope="module")
def graph():
    """Return a graph as encoders have them: its weights are constants."""
    weights = numpy_helper.from_array(np.full((DEPTH, WIDTH), HIGHEST, np.int8), "weights")
    scale = numpy_helper.from_array(np.full(WIDTH, 0.01, np.float32), "scale")
    return finished([product()], [weights, scale], "step")


def test_the_probe_is_the_graph_that_it_says():
    value = numpy_helper.from_array(np.array([HIGHEST], np.int8))
    constants = [
        numpy_helper.from_array(np.array([DEPTH, WIDTH]), "shape"),
        numpy_helper.from_array(np.array(1, np.float32), "scale"),
    ]
    fill = helper.make_node("ConstantOfShape", ["shape"], ["weights"], value=value)
    onnx.checker.check_model(onnx.load_from_string(PROBE))
    assert finished([fill, product()], constants, "probe") == PROBE


def test_products_are_exact_on_any_processor(graph):
    (products,) = open_graph(graph).run(None, {"x": np.ones((2, DEPTH), np.float32)})
    np.testing.assert_allclose(products, DEPTH * HIGHEST * 0.01, rtol=1e-3)


def test_the_probe_tells_what_a_session_without_the_setting_does(graph):
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    (products,) = session.run(None, {"x": np.ones((2, DEPTH), np.float32)})
    assert products_overflow() is bool(products.max() < DEPTH * HIGHEST * 0.01 - 1)


@pytest.mark.parametrize("overflows", [True, False])
def test_the_exact_way_is_asked_for_only_where_it_is_needed(graph, monkeypatch, overflows):
    monkeypatch.setattr(tokens, "products_overflow", lambda: overflows)
    monkeypatch.setattr(tokens.onnxruntime, "InferenceSession", lambda _graph, options, **_given: options)
    options = open_graph(graph)
    if overflows:
        assert options.get_session_config_entry(EXACT) == "1"
    else:
        with pytest.raises(RuntimeError, match=EXACT):
            options.get_session_config_entry(EXACT)
