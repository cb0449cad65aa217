"""A tiny base model in the form in which BERT is published: its weights, drawn at random, and its tokenizer."""

import numpy as np
from safetensors.numpy import save_file
from tiny_encoder import WORDS, tiny_tokenizer
from tokenizers.processors import TemplateProcessing

SIZES = {"WIDTH": 16, "HEADS": 2, "LAYERS": 2, "INNER": 32, "PLACES": 128}
WIDTH, LAYERS, INNER, PLACES = (SIZES[name] for name in ("WIDTH", "LAYERS", "INNER", "PLACES"))


def base_weights(seed=0, layers=LAYERS):
    """Return the weights by their published names."""
    draw = np.random.default_rng(seed)
    weights = {
        "embeddings.word_embeddings.weight": draw.normal(size=(len(WORDS), WIDTH)),
        "embeddings.position_embeddings.weight": draw.normal(size=(PLACES, WIDTH)),
        "embeddings.token_type_embeddings.weight": draw.normal(size=(2, WIDTH)),
    }

    def dense(name, out, width):
        weights[f"{name}.weight"] = draw.normal(scale=0.3, size=(out, width))
        weights[f"{name}.bias"] = draw.normal(scale=0.3, size=out)

    def norm(name):
        weights[f"{name}.weight"] = draw.normal(1, 0.1, WIDTH)
        weights[f"{name}.bias"] = draw.normal(scale=0.1, size=WIDTH)

    norm("embeddings.LayerNorm")
    for number in range(layers):
        name = f"encoder.layer.{number}"
        for part in ("query", "key", "value"):
            dense(f"{name}.attention.self.{part}", WIDTH, WIDTH)
        dense(f"{name}.attention.output.dense", WIDTH, WIDTH)
        dense(f"{name}.intermediate.dense", INNER, WIDTH)
        dense(f"{name}.output.dense", WIDTH, INNER)
        norm(f"{name}.attention.output.LayerNorm")
        norm(f"{name}.output.LayerNorm")
    return {name: value.astype(np.float32) for name, value in weights.items()}


def framed_tokenizer():
    """Return a tokenizer that puts [CLS] and [SEP] around a text."""
    tokenizer = tiny_tokenizer()
    marks = [(mark, WORDS.index(mark)) for mark in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=marks)
    return tokenizer


def lay_out_base(folder, **options):
    """Write model and tokenizer into a folder; return it."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file(base_weights(**options), folder / "model.safetensors")
    framed_tokenizer().save(str(folder / "tokenizer.json"))
    return folder
