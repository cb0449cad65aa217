"""Ids as people and programs send them."""

import pytest

from belowline.comments.ids import parse_id


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7", 7),
        ("0", 0),
        ("007", 7),
        ("9" * 18, 10**18 - 1),
        ("9" * 19, None),
        ("9" * 5000, None),
        ("", None),
        ("-1", None),
        ("+1", None),
        (" 1", None),
        ("1.0", None),
        ("1e3", None),
        ("x", None),
        ("٣", None),
        ("²", None),
        ("1\n", None),
        ("1\x00", None),
    ],
)
def test_an_id_or_none(text, expected):
    assert parse_id(text) == expected
