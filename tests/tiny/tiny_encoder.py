"""A tiny encoder with weights drawn at random, its tokenizer, and a first stage that knows one bad word."""

import numpy as np
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from belowline.engine.models.cascade import KINDS
from belowline.engine.policy import ABUSE_SCORES
from belowline.lab.export_encoder import build_graph
from belowline.lab.export_first import build_first_graph

WIDTH, HEADS, LAYERS, INNER = 16, 2, 1, 32
WORDS = [
    "[PAD]", "[UNK]", "[CLS]", "[SEP]", "you", "idiot", "the", "bridge", "is", "word", "un", "##happy", ".", "🐷",
    "[MASK]",
]  # fmt: skip


def tiny_weights(seed=0):
    """Return weights of the smallest encoder that has every part."""
    draw = np.random.default_rng(seed)

    def some(*shape, scale=0.2):
        return draw.normal(scale=scale, size=shape).astype(np.float32)

    def norm(name):
        return {f"{name}.weight": np.ones(WIDTH, np.float32), f"{name}.bias": np.zeros(WIDTH, np.float32)}

    words = np.vstack((some(len(WORDS) - 1, WIDTH, scale=1), np.zeros((1, WIDTH), np.float32)))  # [MASK] says nothing
    weights = {"words.weight": words, "places.weight": some(512, WIDTH)} | norm("norm")
    for number in range(LAYERS):
        name = f"layers.{number}"
        weights |= norm(f"{name}.norm_1") | norm(f"{name}.norm_2")
        for part, shape in {
            "qkv": (3 * WIDTH, WIDTH),
            "out": (WIDTH, WIDTH),
            "up": (INNER, WIDTH),
            "down": (WIDTH, INNER),
        }.items():
            weights |= {f"{name}.{part}.weight": some(*shape), f"{name}.{part}.bias": some(shape[0])}
    for name, count, width in (("head", len(ABUSE_SCORES), 2 * WIDTH), ("marks", len(KINDS), WIDTH)):
        weights |= {f"{name}.weight": some(count, width, scale=1), f"{name}.bias": some(count)}
    return weights


def tiny_tokenizer():
    tokenizer = Tokenizer(WordPiece({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.normalizer = BertNormalizer()
    tokenizer.pre_tokenizer = BertPreTokenizer()
    return tokenizer


def tiny_files():
    """Return graph and tokenizer as bytes."""
    return build_graph(tiny_weights(), heads=HEADS), tiny_tokenizer().to_str().encode()


SURE, ALARMED = -6.0, 4.0
"""The logits of every label that the tiny first stage gives without its bad word, and with it, nearly."""


def tiny_first_weights(bad="idiot"):
    """Return weights of a first stage whose logits are high where `bad` stands and low elsewhere."""
    width, labels = 4, len(ABUSE_SCORES)
    table = np.array([[-1, 1, -1, 1], [1, -1, 1, -1]], np.float32)
    pieces = np.zeros(len(WORDS), np.int64)
    pieces[WORDS.index(bad)] = 1
    hidden = np.zeros((width, 2 * width), np.float32)
    hidden[0, width] = 5.0
    head = np.zeros((labels, width), np.float32)
    head[:, 0] = (ALARMED - SURE) / 5
    weights = {"words.weight": table, "pieces": pieces, "hidden.weight": hidden, "head.weight": head}
    weights |= {"hidden.bias": np.zeros(width, np.float32), "head.bias": np.full(labels, SURE, np.float32)}
    weights |= {"gates.0.weight": np.zeros((2 * width, 3 * width), np.float32)}
    weights |= {"gates.0.bias": np.zeros(2 * width, np.float32)}
    for name in ("norms.0", "norm"):
        weights |= {f"{name}.weight": np.ones(width, np.float32), f"{name}.bias": np.zeros(width, np.float32)}
    return weights


def tiny_first():
    """Return the graph of the tiny first stage as bytes."""
    return build_first_graph(tiny_first_weights())
