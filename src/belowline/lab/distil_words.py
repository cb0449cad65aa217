"""Makes the word vectors of the topic model out of a sentence encoder.

python -m belowline.lab.distil_words --model ID_OR_FOLDER --data DIR   # writes into src/belowline/weights/topic

Needs torch and transformers, which nothing else of Belowline does; train the topic model afterwards. Each frequent word
of the training texts is read by the encoder alone, as in Model2Vec; the directions that all words share are taken out
(Mu and Viswanath 2018, All-but-the-Top), the rest is turned to its principal axes and cut to a byte each.
"""

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save as write_tensors

from belowline.engine.signals.topic_vectors import TABLE, WORDS
from belowline.engine.text.words import find_words, stem
from belowline.lab.train_topic import OUT, quantise, read_rows

WORDS_KEPT = 28_000
DIMENSIONS = 128
SHARED = 6
"""Principal axes that every word shares; they are left out."""
FORMS = 3
"""The commonest forms of a stem that are read: "soldier", "soldiers", "soldier's"."""
BATCH = 512
_PLAIN = re.compile("[a-z]{2,18}")

type_of_encode = Callable[[Sequence[str]], NDArray[np.float32]]


def count_forms(texts: Iterable[str]) -> dict[str, Counter[str]]:
    """Count, for each stem, the texts that hold each of its forms."""
    words: Counter[str] = Counter()
    for text in texts:
        words.update({word.text.casefold().replace("’", "'").split("'")[0] for word in find_words(text)})
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for word, count in words.items():
        if _PLAIN.fullmatch(word) and _PLAIN.fullmatch(stem(word)):
            forms[stem(word)][word] = count
    return dict(forms)


def choose(forms: Mapping[str, Counter[str]], kept: int = WORDS_KEPT) -> list[str]:
    """Return the most frequent stems; equal ones in the order of the alphabet."""
    return sorted(forms, key=lambda one: (-forms[one].total(), one))[:kept]


def embed(stems: Sequence[str], forms: Mapping[str, Counter[str]], encode: type_of_encode) -> NDArray[np.float64]:
    """Return a vector of length 1 for each stem: the mean of its commonest forms, each by its frequency."""
    chosen = {one: forms[one].most_common(FORMS) for one in stems}
    words = sorted({word for found in chosen.values() for word, _ in found}, key=lambda one: (len(one), one))
    place = {word: number for number, word in enumerate(words)}
    raw = encode(words).astype(np.float64)
    rows = [
        np.average(raw[[place[word] for word, _ in found]], axis=0, weights=[count for _, count in found])
        for found in chosen.values()
    ]
    table = np.stack(rows)
    unit: NDArray[np.float64] = table / np.linalg.norm(table, axis=1, keepdims=True)
    return unit


def remove_shared(
    table: NDArray[np.float64], counts: Sequence[int], shared: int = SHARED, dimensions: int = DIMENSIONS
) -> NDArray[np.float64]:
    """Return the rows on their principal axes, without mean and the first axes; a word weighs the root of its count."""
    weights = np.sqrt(np.asarray(counts, dtype=np.float64))[:, None]
    weights /= weights.sum()
    centred = table - (table * weights).sum(axis=0)
    _, axes = np.linalg.eigh((centred * weights).T @ centred)
    turned: NDArray[np.float64] = centred @ axes[:, ::-1][:, shared : shared + dimensions]
    return turned


def load_encoder(model: str) -> type_of_encode:
    """Return a function that reads texts with a transformer and averages its last layer.

    Raises:
        SystemExit: torch or transformers are not installed.
    """
    try:
        torch: Any = import_module("torch")
        transformers: Any = import_module("transformers")
    except ImportError as error:
        raise SystemExit(
            f"this script needs torch and transformers ({error}): pip install torch transformers"
        ) from error
    reader = transformers.AutoTokenizer.from_pretrained(model)
    encoder = transformers.AutoModel.from_pretrained(model).eval()

    def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        found: list[Any] = []
        with torch.inference_mode():
            for start in range(0, len(texts), BATCH):
                batch = reader(list(texts[start : start + BATCH]), padding=True, truncation=True, return_tensors="pt")
                mask = batch["attention_mask"].unsqueeze(-1)
                found.append((encoder(**batch).last_hidden_state * mask).sum(1) / mask.sum(1))
        return np.asarray(torch.cat(found).numpy(), dtype=np.float32)

    return encode


def read_texts(data: Path) -> Iterable[str]:
    """Yield every text under train/, titles included; never one of test/."""
    for path in sorted(data.glob("train/*/*.jsonl.gz")):
        for row in read_rows(path):
            yield " ".join(row[name] for name in ("text", "comment", "title", "abstract") if row.get(name))


def write_vectors(stems: Sequence[str], table: NDArray[np.int8], folder: Path) -> None:
    """Write the list of words and the table; the manifest is written by train_topic."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / WORDS).write_text("\n".join(stems) + "\n", "utf-8")
    (folder / TABLE).write_bytes(write_tensors({"vectors": table}))


def distil(data: Path, encode: type_of_encode, out: Path, kept: int = WORDS_KEPT) -> int:
    """Count, embed, cut down, write; return the number of words."""
    forms = count_forms(read_texts(data))
    stems = choose(forms, kept)
    table = remove_shared(embed(stems, forms, encode), [forms[one].total() for one in stems])
    write_vectors(stems, quantise(table), out)
    return len(stems)


def main() -> None:
    """Read the arguments, and distil."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="the encoder: a folder, or a name that transformers can fetch")
    parser.add_argument("--data", type=Path, required=True, help="the folder with train/")
    parser.add_argument("--out", type=Path, default=OUT, help="where the vectors are written to")
    options = parser.parse_args()
    count = distil(options.data, load_encoder(options.model), options.out)
    print(f"{count} words; now run python -m belowline.lab.train_topic")


if __name__ == "__main__":
    main()
