"""The first stage learns what the encoder says, rare pieces are one, and the graph says what the net says."""

from itertools import pairwise

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from belowline.engine.models.tokens import open_graph  # noqa: E402
from belowline.lab import train_first  # noqa: E402
from belowline.lab.asked import Asked  # noqa: E402
from belowline.lab.export_first import build_first_graph  # noqa: E402
from belowline.lab.train_first import Settings, draw_batches, start_net  # noqa: E402

VOCABULARY, LABELS, BAD = 40, 2, 7
QUICK = Settings(rounds=30.0, batch=16, rate=1e-2)


@pytest.fixture(scope="module")
def asked():
    """Windows of which those with a bad piece behind a certain one are abusive to the encoder."""
    draw = np.random.default_rng(0)
    ids = [draw.integers(2, VOCABULARY - 2, draw.integers(3, 12)) for _ in range(300)]
    for one in ids[::3]:
        one[1:3] = BAD, BAD + 1
    told = np.array([any(a == BAD and b == BAD + 1 for a, b in pairwise(one)) for one in ids])
    logits = np.where(told, 4.0, -4.0)[:, None] * np.ones(LABELS)
    return Asked(ids, logits.astype(np.float32), np.full(len(ids), "own"))


@pytest.fixture(scope="module")
def vectors():
    return np.random.default_rng(1).normal(size=(VOCABULARY, 24)).astype(np.float32)


@pytest.fixture(scope="module", autouse=True)
def small():
    patch = pytest.MonkeyPatch()
    patch.setattr(train_first, "start_net", lambda *given: start_net(*given, width=12, often=5))
    yield
    patch.undo()


@pytest.fixture(scope="module")
def weights(asked, vectors, small):
    return train_first.train_first(asked, np.ones(len(asked.ids)), vectors, QUICK)


def logits(weights, texts):
    session = open_graph(build_first_graph(weights))
    return np.array([session.run(None, {"ids": t[None]})[0][0] for t in texts])


def test_it_learns_what_the_encoder_says(asked, weights):
    found = logits(weights, asked.ids)
    assert ((found > 0) == (asked.logits > 0)).mean() > 0.98


def test_the_graph_says_what_the_net_says(asked, vectors, weights):
    net = start_net(asked, vectors, width=12, often=5)
    net.load_state_dict({name: torch.from_numpy(value) for name, value in weights.items()})
    ids = asked.ids[0]
    with torch.no_grad():
        said = net(torch.from_numpy(ids)[None], torch.ones(1, len(ids)))[0].numpy()
    exact = open_graph(build_first_graph(weights, whole_numbers=False))
    (found,) = exact.run(None, {"ids": ids[None]})[0]
    np.testing.assert_allclose(found, said, atol=1e-3)


def test_the_same_seed_gives_the_same(asked, vectors, weights):
    again = train_first.train_first(asked, np.ones(len(asked.ids)), vectors, QUICK)
    for name, value in weights.items():
        np.testing.assert_allclose(again[name], value, atol=1e-4)


def test_rare_pieces_share_a_row(asked, vectors):
    net = start_net(asked, vectors, width=12, often=5)
    pieces = net.pieces.numpy()
    assert pieces[VOCABULARY - 1] == pieces[0] == 0
    assert len(set(pieces[2 : VOCABULARY - 2].tolist()) - {0}) > VOCABULARY / 2
    assert net.words.weight.shape == (pieces.max() + 1, 12)


class TestBatches:
    def test_windows_are_drawn_by_weight_and_cut(self, asked):
        weights = np.zeros(len(asked.ids))
        weights[[4, 9]] = 1.0
        drawn = list(draw_batches(asked.ids, weights, Settings(rounds=1.0, batch=10, longest=4), 0))
        assert len(drawn) == len(asked.ids) // 10
        for places, ids, mask in drawn:
            assert set(places.tolist()) <= {4, 9}
            assert ids.shape == mask.shape == (10, min(4, max(len(asked.ids[place]) for place in places)))

    def test_the_first_piece_is_never_hidden(self, asked):
        settings = Settings(rounds=3.0, batch=10, hidden=0.9)
        masks = [mask for _, _, mask in draw_batches(asked.ids, np.ones(len(asked.ids)), settings, 0)]
        assert all((mask[:, 0] == 1).all() for mask in masks)
        assert min(mask.mean() for mask in masks) < 0.5
