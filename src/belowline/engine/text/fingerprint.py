"""Fingerprints: near copies have near ones. For finding earlier comments in a database by index."""

import hashlib

import numpy as np

from belowline.engine.text.normalise import normalise, skeleton
from belowline.engine.text.words import find_words

BITS = 64
BAND_BITS = 16
SHINGLE_WORDS = 3


def fingerprint(text: str) -> int:
    """Return the 64-bit simhash over runs of three words: 0 to 2**64 - 1, and 0 for a text without words.

    Texts that share most of their runs differ in few bits. Charikar 2002 (Similarity estimation techniques from
    rounding algorithms); Manku, Jain and Das Sarma 2007 (Detecting near-duplicates for web crawling). Raises nothing.
    """
    found = shingles(text)
    if not found:
        return 0
    digests = b"".join(hashlib.blake2b(one.encode(), digest_size=8).digest() for one in sorted(found))
    bits = np.unpackbits(np.frombuffer(digests, dtype=np.uint8)).reshape(-1, BITS)
    votes = bits.sum(axis=0, dtype=np.int64) * 2 > len(bits)
    return int.from_bytes(np.packbits(votes).tobytes(), "big")


def bands(fp: int) -> tuple[int, int, int, int]:
    """Return a fingerprint as four numbers of 16 bits, the highest first.

    Two fingerprints that differ in at most 3 bits agree in at least one band: index these columns.

    Raises:
        ValueError: `fp` is not within 0 to 2**64 - 1.
    """
    if not 0 <= fp < 1 << BITS:
        raise ValueError("a fingerprint is a number from 0 to 2**64 - 1")
    mask = (1 << BAND_BITS) - 1
    return fp >> 48 & mask, fp >> 32 & mask, fp >> 16 & mask, fp & mask


def text_key(text: str) -> str:
    """Return 32 hexadecimal digits that are equal for texts that differ only in disguise, case or signs.

    A hash (BLAKE2b, 128 bits) of the skeleton's words; of the skeleton itself where it has none. Raises nothing.
    """
    bare = skeleton(text).text
    words = " ".join(word.text for word in find_words(bare)) or bare.strip()
    return hashlib.blake2b(words.encode(errors="replace"), digest_size=16).hexdigest()


def shingles(text: str, size: int = SHINGLE_WORDS) -> frozenset[str]:
    """Return the runs of `size` words of the normalised text, in lower case; a shorter text gives one run.

    Raises nothing; a text without words gives an empty set.
    """
    words = [word.text for word in find_words(normalise(text).text.casefold())]
    if not words:
        return frozenset()
    count = max(len(words) - size, 0) + 1
    return frozenset(" ".join(words[place : place + size]) for place in range(count))
