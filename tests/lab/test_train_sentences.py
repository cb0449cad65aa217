"""The sentence encoder is taught: batches that use each comment once, and a loss that falls."""

import random

import msgspec
import pytest

torch = pytest.importorskip("torch")

from tiny_base import LAYERS, SIZES  # noqa: E402
from tiny_topic import debate_rows, lay_out_sentences, own_lines  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402

from belowline.lab import minilm, train_sentences  # noqa: E402
from belowline.lab.base_weights import TUNED, read_base  # noqa: E402
from belowline.lab.topic_pairs import OwnStory  # noqa: E402
from belowline.lab.train_sentences import (  # noqa: E402
    Settings,
    all_batches,
    debate_batches,
    loss_of,
    own_batches,
    parameter_groups,
    read_texts,
    teach_anew,
    write,
)

STORIES = [msgspec.json.decode(line, type=OwnStory) for line in own_lines().splitlines()]
SMALL = Settings(epochs=3, stories=4, debates=5, rate=3e-3)


@pytest.fixture(autouse=True)
def tiny(monkeypatch):
    for name, size in SIZES.items():
        monkeypatch.setattr(minilm, name, size)
    monkeypatch.setattr(train_sentences, "LAYERS", LAYERS)
    monkeypatch.setattr(train_sentences, "WIDTH", SIZES["WIDTH"])
    monkeypatch.setattr(train_sentences, "Settings", lambda: SMALL)


@pytest.fixture
def base(tmp_path):
    return lay_out_sentences(tmp_path / "base")


@pytest.fixture
def net(base):
    import numpy as np

    torch.manual_seed(0)
    return minilm.load_base(base, np.zeros((0, SIZES["WIDTH"]), np.float32), labels=1, marks=1)


@pytest.fixture
def tokenizer(base):
    return Tokenizer.from_file(str(base / "tokenizer.json"))


def test_a_comment_of_our_own_is_used_once_and_only_if_it_belongs():
    batches = list(own_batches(STORIES, SMALL, random.Random(1)))
    used = [comment for batch in batches for comment in batch.comments]

    assert len(used) == len(set(used))
    assert not any(comment.startswith(("Word 1 ", "Word 2 ")) for comment in used)
    for batch in batches:
        assert len(batch.stories) <= SMALL.stories
        for comment, at in zip(batch.comments, batch.own, strict=True):
            assert comment.split()[3] in batch.stories[at][0]


def test_debates_are_told_apart_in_batches_of_one_comment_each():
    for batch in debate_batches(debate_rows(), SMALL, random.Random(1)):
        assert batch.own == list(range(SMALL.debates))
        for comment, passages in zip(batch.comments, batch.stories, strict=True):
            assert comment not in passages


def test_a_run_is_two_thirds_our_own():
    batches = all_batches(STORIES, debate_rows(), SMALL, 1)
    debates = sum(len(batch.own) == SMALL.debates for batch in batches)

    assert 0 < debates <= len(batches) / 2
    assert [batch.comments for batch in batches] == [
        batch.comments for batch in all_batches(STORIES, debate_rows(), SMALL, 1)
    ]


def test_texts_are_vectors_of_length_one_in_their_order(net, tokenizer):
    texts = ["the bridge", "you idiot you idiot you idiot", "word", "the bridge"]
    found = read_texts(net, tokenizer, texts, 8, 2)

    assert torch.allclose(found.norm(dim=1), torch.ones(4), atol=1e-2)
    assert torch.allclose(found[0], found[3], atol=0.05)


def test_only_the_layers_learn(net):
    learning = [weight for group in parameter_groups(net, SMALL) for weight in group["params"]]

    assert not any(weight is fixed for fixed in (net.words.weight, net.head.weight) for weight in learning)
    assert len(learning) == sum(name.startswith(("layers", "norm")) for name, _ in net.named_parameters())
    rates = [group["lr"] for group in parameter_groups(net, SMALL)]
    assert max(rates) == SMALL.rate


def test_teaching_lowers_the_loss(base, tokenizer, net):
    batches = all_batches(STORIES, debate_rows(), SMALL, 1)
    taught = teach_anew(base, batches, 1)

    with torch.no_grad():
        before, after = (sum(loss_of(one, tokenizer, batch, SMALL) for batch in batches) for one in (net, taught))
    assert after < before


def test_what_is_written_is_read_again(base, net, tmp_path):
    write(net, base, tmp_path / "taught")
    found = read_base(tmp_path / "taught")

    assert (tmp_path / "taught" / TUNED).exists()
    assert set(found) == {name for name, _ in net.named_parameters() if not name.startswith(("head", "marks"))}
