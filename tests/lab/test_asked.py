"""Asking the encoder about training rows: which are read, and what it says of them."""

import numpy as np
import pytest

from belowline.engine.models.cascade import KINDS, MOST_WINDOWS
from belowline.engine.models.encoder import Encoder
from belowline.lab import asked
from belowline.lab.datasets import LABELS, Row


def rows_of(**counts):
    return [
        Row(id=f"{source}:{number}", text=f"the bridge {number}", labels={}, source=source)
        for source, count in counts.items()
        for number in range(count)
    ]


def test_all_ordinary_rows_and_an_even_part_of_the_others_are_read(monkeypatch):
    monkeypatch.setattr(asked, "MOST_ASKED", 3)
    rows = rows_of(wikiconv_cat=5, dynahate=7, sms_spam=2, gab=3)
    chosen = [rows[place].id for place in asked.choose(rows)]
    assert chosen == [
        *(f"wikiconv_cat:{number}" for number in range(5)),
        *(f"dynahate:{number}" for number in (0, 3, 6)),
        *(f"gab:{number}" for number in range(3)),
    ]


@pytest.mark.parametrize("text", ["you idiot", "the bridge is . " * 200], ids=["short", "windows"])
def test_every_window_has_what_the_encoder_says_of_it(encoder_files, text):
    encoder = Encoder(*encoder_files, labels=len(LABELS), kinds=len(KINDS))
    rows = [Row(id="x", text="the", labels={}, source="sms_spam"), Row(id="y", text=text, labels={}, source="own")]
    found = asked.ask(rows, *encoder_files)
    windows = encoder.windows(text.strip())[:MOST_WINDOWS]
    assert found.source.tolist() == ["own"] * len(windows)
    for ids, window in zip(found.ids, windows, strict=True):
        np.testing.assert_array_equal(ids, window.ids)
    np.testing.assert_allclose(found.logits, [one.logits for one in encoder.read(windows)], atol=1e-5)
