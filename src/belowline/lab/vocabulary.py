"""The tokenizer of the encoder: that of the base model, with every pictogram as a token of its own.

The base vocabulary has few pictograms, so that hate carried by them would be unknown words. A new one begins as the
mean of the words of its Unicode name.
"""

import unicodedata
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import AddedToken, Tokenizer

BLOCKS = ((0x2190, 0x2200), (0x2300, 0x2400), (0x2600, 0x27C0), (0x2B00, 0x2C00), (0x1F000, 0x1FAFF))
"""Arrows, technical signs, symbols, dingbats, and the planes of pictograms with the tones of skin."""


def pictograms() -> list[str]:
    """Return every named pictogram of BLOCKS."""
    signs = [chr(point) for start, end in BLOCKS for point in range(start, end)]
    return [
        sign for sign in signs if unicodedata.category(sign) in {"So", "Sk"} and len(unicodedata.name(sign, "")) > 0
    ]


def load_tokenizer(folder: Path) -> Tokenizer:
    """Load the base model's tokenizer, without its padding and truncation.

    Raises:
        OSError: there is none.
    """
    path = folder / "tokenizer.json"
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing: give the folder of all-MiniLM-L6-v2")
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def extend(tokenizer: Tokenizer, words: NDArray[np.float32]) -> NDArray[np.float32]:
    """Add the pictograms that the tokenizer lacks; return their first vectors, shape (added, width).

    `words` are the vectors of its present vocabulary.
    """
    unknown = tokenizer.token_to_id("[UNK]")
    new = [sign for sign in pictograms() if unknown in tokenizer.encode(sign, add_special_tokens=False).ids]
    rows = []
    for sign in new:
        name = unicodedata.name(sign).lower().replace("emoji modifier fitzpatrick", "skin tone").replace("-", " ")
        rows.append(words[tokenizer.encode(name, add_special_tokens=False).ids].mean(axis=0))
    tokenizer.add_tokens([AddedToken(sign, normalized=False, special=False) for sign in new])
    return np.array(rows, dtype=np.float32).reshape(len(new), words.shape[1])
