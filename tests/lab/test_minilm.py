"""The encoder in PyTorch: it reads published weights, and the exported graph computes the same."""

import numpy as np
import onnxruntime
import pytest

torch = pytest.importorskip("torch")

from tiny_base import LAYERS, PLACES, SIZES, WIDTH, base_weights, lay_out_base  # noqa: E402
from tiny_encoder import WORDS  # noqa: E402

from belowline.lab import minilm  # noqa: E402
from belowline.lab.export_encoder import build_graph  # noqa: E402

EXTRA = np.full((3, WIDTH), 0.25, dtype=np.float32)
LABELS, MARKS = 8, 5
TEXTS = [[2, 4, 5, 3], [2, 3], [2, *range(4, 14), 3], [2, 16, 14, 3]]


@pytest.fixture(autouse=True)
def tiny(monkeypatch):
    for name, size in SIZES.items():
        monkeypatch.setattr(minilm, name, size)


@pytest.fixture
def net(tmp_path):
    torch.manual_seed(0)
    return minilm.load_base(lay_out_base(tmp_path), EXTRA, labels=LABELS, marks=MARKS)


def padded(texts=TEXTS, length=0):
    length = max(length, *map(len, texts))
    ids = np.zeros((len(texts), length), dtype=np.int64)
    mask = np.zeros((len(texts), length), dtype=np.float32)
    for row, text in enumerate(texts):
        ids[row, : len(text)], mask[row, : len(text)] = text, 1
    return ids, mask


def read(net, ids, mask):
    with torch.no_grad():
        return [found.numpy() for found in net(torch.from_numpy(ids), torch.from_numpy(mask))]


class TestLoading:
    def test_the_vocabulary_grows_behind_its_end(self, net):
        words = net.words.weight.detach().numpy()
        np.testing.assert_array_equal(words[: len(WORDS)], base_weights()["embeddings.word_embeddings.weight"])
        np.testing.assert_array_equal(words[len(WORDS) :], EXTRA)

    def test_places_hold_the_first_kind_of_sentence(self, net):
        given = base_weights()
        expected = given["embeddings.position_embeddings.weight"] + given["embeddings.token_type_embeddings.weight"][0]
        np.testing.assert_array_equal(net.places.weight.detach().numpy(), expected)

    @pytest.mark.parametrize("number", range(LAYERS))
    @pytest.mark.parametrize("part", ["weight", "bias"])
    def test_query_key_and_value_are_joined_in_this_order(self, net, number, part):
        given = base_weights()
        for at, name in enumerate(("query", "key", "value")):
            found = getattr(net.layers[number].qkv, part).detach().numpy()[at * WIDTH : (at + 1) * WIDTH]
            np.testing.assert_array_equal(found, given[f"encoder.layer.{number}.attention.self.{name}.{part}"])

    def test_the_heads_begin_small(self, net):
        assert 0 < net.head.weight.abs().max() < 0.2
        assert not net.head.bias.any()
        assert net.head.weight.shape == (LABELS, 2 * WIDTH)
        assert net.marks.weight.shape == (MARKS, WIDTH)

    @pytest.mark.parametrize("layers", [LAYERS - 1, LAYERS + 1])
    def test_a_model_of_another_depth_is_refused(self, tmp_path, layers):
        with pytest.raises(ValueError, match="all-MiniLM-L6-v2 is needed"):
            minilm.load_base(lay_out_base(tmp_path, layers=layers), EXTRA, labels=LABELS, marks=MARKS)

    def test_a_model_of_another_width_is_refused(self, tmp_path, monkeypatch):
        folder = lay_out_base(tmp_path)
        monkeypatch.setattr(minilm, "WIDTH", 24)
        with pytest.raises(ValueError, match="2 layers 24 wide"):
            minilm.load_base(folder, EXTRA, labels=LABELS, marks=MARKS)

    def test_a_missing_file(self, tmp_path):
        with pytest.raises(OSError, match=r"model\.safetensors"):
            minilm.load_base(tmp_path, EXTRA, labels=LABELS, marks=MARKS)


class TestForward:
    def test_shapes(self, net):
        logits, marks = read(net, *padded())
        assert logits.shape == (len(TEXTS), LABELS)
        assert marks.shape == (len(TEXTS), 12, MARKS)

    def test_the_exported_graph_computes_the_same(self, net):
        weights = {name: value.numpy() for name, value in net.state_dict().items()}
        graph = build_graph(weights, heads=SIZES["HEADS"], epsilon=minilm.EPSILON, whole_numbers=False)
        session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
        logits, marks = read(net, *padded(length=20))
        for row, text in enumerate(TEXTS):
            (found,), (tokens,) = session.run(["logits", "marks"], {"ids": np.array([text])})
            np.testing.assert_allclose(found, logits[row], atol=1e-5)
            np.testing.assert_allclose(tokens, marks[row, : len(text)], atol=1e-5)

    @pytest.mark.parametrize("length", [0, PLACES])
    def test_company_and_padding_change_nothing(self, net, length):
        together, tokens = read(net, *padded())
        for row, text in enumerate(TEXTS):
            logits, marks = read(net, *padded([text, text], length))
            np.testing.assert_allclose(logits[0], together[row], atol=1e-5)
            np.testing.assert_allclose(marks[0, : len(text)], tokens[row, : len(text)], atol=1e-5)

    def test_what_stands_in_the_padding_changes_nothing(self, net):
        ids, mask = padded()
        logits, _ = read(net, ids, mask)
        np.testing.assert_allclose(read(net, np.where(mask > 0, ids, 9), mask)[0], logits, atol=1e-5)

    def test_order_matters(self, net):
        one, other = (read(net, *padded([text, [2, 3]]))[0][0] for text in ([2, 4, 5, 3], [2, 5, 4, 3]))
        assert not np.allclose(one, other, atol=1e-4)

    def test_bfloat16_is_near(self, net):
        ids, mask = padded()
        exact, _ = read(net, ids, mask)
        with torch.no_grad():
            near, _ = net.bfloat16()(torch.from_numpy(ids), torch.from_numpy(mask))
        assert np.abs(near.float().numpy() - exact).max() < 0.05

    def test_every_weight_learns(self, net):
        ids, mask = padded()
        logits, marks = net(torch.from_numpy(ids), torch.from_numpy(mask))
        (logits.square().sum() + marks.square().sum()).backward()
        assert not [name for name, value in net.named_parameters() if value.grad is None or not value.grad.any()]
