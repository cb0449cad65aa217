"""A tiny sentence encoder, and what a topic signal needs besides, on made-up subjects."""

import json

import numpy as np
from tiny_base import base_weights
from tiny_encoder import HEADS, WORDS, tiny_tokenizer, tiny_weights
from tokenizers.processors import TemplateProcessing

from belowline.engine.models.sentences import SentenceEncoder
from belowline.engine.signals.topic import Subject
from belowline.engine.signals.topic_features import Rarity
from belowline.engine.signals.topic_vectors import Bank
from belowline.lab.export_encoder import build_states_graph

FIELDS = ("bridge", "school", "hospital", "tax", "vote", "court", "army", "museum", "energy", "border")


def tiny_sentences():
    return SentenceEncoder(build_states_graph(tiny_weights(), heads=HEADS), tiny_tokenizer().to_str().encode())


def tiny_subject():
    encoder = tiny_sentences()
    rows = np.random.default_rng(2).normal(size=(12, encoder.width)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    bank = Bank(rows[:4], rows[4:8], rows[8:], np.array([0, 2]))
    return Subject(encoder, Rarity(1_000, {"bridg": 5, "school": 5}), bank)


def debate_rows(comments=4, stories=10):
    """Return rows of a topic file: debates, each with some comments."""
    return [
        {
            "story_id": f"s{number}",
            "title": f"The {field} question",
            "abstract": f"Should the {field} change?",
            "comment": f"My {field} is word number {turn}. The {field} you idiot bridge {turn}.",
        }
        for number, field in zip(range(stories), FIELDS * 9, strict=False)
        for turn in range(comments)
    ]


def own_lines(stories=6, comments=6):
    """Return stories of our own as lines of JSON, as lab/topic_material/stories.jsonl has them."""
    return "".join(
        json.dumps(
            {
                "key": f"k{number}",
                "section": f"section {number % 2}",
                "title": f"The {FIELDS[number]} is shut",
                "standfirst": "It is the word",
                "body": f"The {FIELDS[number]} is the bridge now, you see.\nThe word is unhappy here as well.",
                "comments": [
                    {
                        "text": f"Word {turn} of {FIELDS[number]} is unhappy.",
                        "r_art": 0 if turn == 1 else 3,
                        "parent": 0 if turn == 2 else None,
                    }
                    for turn in range(comments)
                ],
            }
        )
        + "\n"
        for number in range(stories)
    )


def lay_out_sentences(folder):
    """Write a tiny published base model whose tokenizer marks the ends of texts; return its folder."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    save_file(base_weights(), folder / "model.safetensors")
    tokenizer = tiny_tokenizer()
    marks = [(mark, WORDS.index(mark)) for mark in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=marks)
    (folder / "tokenizer.json").write_text(tokenizer.to_str(), "utf-8")
    return folder
