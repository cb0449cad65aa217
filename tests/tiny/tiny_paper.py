"""A tiny on-topic signal that goes by shared words, and rows of a made-up paper for it to judge."""

import numpy as np
from tiny_encoder import HEADS, WIDTH, tiny_tokenizer, tiny_weights

from belowline.engine.models.sentences import SentenceEncoder
from belowline.engine.signals.topic import FEATURES, Subject, TopicModel, TopicModels, TopicSignal
from belowline.engine.signals.topic_features import Rarity
from belowline.engine.signals.topic_kinds import LEARNED, KindHeads
from belowline.engine.signals.topic_vectors import Bank
from belowline.lab.export_encoder import build_states_graph

FIELDS = ("bridge", "school", "hospital", "tax", "election", "court", "army", "museum", "energy", "border")
SECTIONS = ("Town", "State")
VERBS = ("costs", "delays", "reforms", "scandals", "workers")


def tiny_signal():
    """Return a signal whose score falls with the share of a comment's terms that the story has."""
    encoder = SentenceEncoder(build_states_graph(tiny_weights(), heads=HEADS), tiny_tokenizer().to_str().encode())
    rows = np.random.default_rng(5).normal(size=(4, 6, WIDTH)).astype(np.float32)
    bank = Bank.of({
        "for_comments": rows[0], "for_stories": rows[1], "passages": rows[2], "firsts": np.array([0, 3]),
    })  # fmt: skip
    weights = tuple(-9.0 if name == "coverage" else 0.0 for name in FEATURES)
    model = TopicModel(FEATURES, weights, 3.0)
    models = TopicModels(story=model, parent=model, answers=2.0, stays=2.0)
    heads = KindHeads(np.zeros((len(LEARNED), WIDTH), np.float32), np.full(len(LEARNED), -5, np.float32))
    return TopicSignal(models, Subject(encoder, Rarity(100, {}), bank), heads, "tiny-1")


def own_words(field):
    """Return words that stand in one story alone."""
    return " ".join(field + letter for letter in "abcdefghijklmnop")


def tiny_rows(**fields):
    """Return five comments under each of ten stories, the last two of them answers; `fields` are put to all."""
    found = []
    for number, field in enumerate(FIELDS):
        above = None
        for turn, verb in enumerate(VERBS):
            text = f"Nobody talks of the {field} {verb} and of {VERBS[turn - 1]} like that."
            found.append({
                "id": f"{number}.{turn}",
                "comment": text,
                "story_id": f"s{number}",
                "title": f"The {field} question",
                "abstract": f"What will become of the {field} and its {verb}?",
                "body": f"{own_words(field)}.\nMr Otto{number % 4} of the {field}.",
                "section": SECTIONS[number % 2],
                "published_at": f"2026-0{1 + number // 4}-1{number % 3}",
                "tags": [f"t{number // 2}"],
                "parent": above if turn > 2 else None,
                "depth": 2 if turn > 2 else 1,
            } | fields)  # fmt: skip
            above = text
    return found
