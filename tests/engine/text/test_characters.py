"""The tables of Unicode behind normalising."""

import unicodedata

import pytest

from belowline.engine.text import characters


@pytest.mark.parametrize(
    ("letter", "latin"),
    [
        pytest.param("а", "a", id="cyrillic a"),
        pytest.param("о", "o", id="cyrillic o"),
        pytest.param("е", "e", id="cyrillic e"),
        pytest.param("с", "c", id="cyrillic s"),
        pytest.param("р", "p", id="cyrillic r"),
        pytest.param("х", "x", id="cyrillic kh"),
        pytest.param("у", "y", id="cyrillic u"),
        pytest.param("ѕ", "s", id="macedonian dze"),
        pytest.param("і", "i", id="ukrainian i"),
        pytest.param("І", "I", id="ukrainian capital i is no small l"),
        pytest.param("ο", "o", id="greek omicron"),
        pytest.param("Α", "A", id="greek capital alpha"),
        pytest.param("Ꭺ", "A", id="cherokee go"),
        pytest.param("к", "k", id="our own supplement"),
        pytest.param("ᴀ", "a", id="small capital"),
    ],
)
def test_lookalikes(letter, latin):
    assert characters.lookalikes()[letter] == latin


@pytest.mark.parametrize("letter", [*"жшщюяъыфцп", *"אבוןا", *"あ漢한", *"éßıñ"])
def test_no_lookalikes(letter):
    assert letter not in characters.lookalikes()


def test_lookalikes_become_single_ascii_letters():
    assert all(len(one) == 1 and one.isascii() and one.isalpha() for one in characters.lookalikes().values())


def test_the_supplement_is_not_official():
    assert "к" not in characters.official_lookalikes()
    assert "а" in characters.official_lookalikes()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("e\u0301", ["e\u0301"], id="base and mark"),
        pytest.param("plain", [], id="ascii alone"),
        pytest.param("aéb", ["é"], id="one accented letter"),
        pytest.param("ᄀ\u1161", ["ᄀ\u1161"], id="conjoining jamo"),
        pytest.param("ｶﾞx", ["ｶﾞ"[0], "ﾞ"], id="half width voicing mark"),
    ],
)
def test_clusters(text, found):
    assert "".join(characters.cluster_pattern().findall(text)) == "".join(found)


@pytest.mark.parametrize(
    ("text", "is_pile"),
    [
        pytest.param("a\u0301\u0323", False, id="two marks on an ascii letter"),
        pytest.param("a\u0301\u0323\u0302", True, id="three marks on an ascii letter"),
        pytest.param("ש\u05c1\u05bc\u05b8", False, id="hebrew with three points"),
        pytest.param("ш" + "\u0301" * 5, True, id="five marks anywhere"),
        pytest.param("x", False, id="no mark"),
    ],
)
def test_piles(text, is_pile):
    assert (characters.pile_pattern().search(text) is not None) is is_pile


def test_marks_are_what_unicode_calls_marks():
    pattern = characters.mark_pattern()
    for point in (0x301, 0x5B0, 0x64B, 0x93C, 0x20DD, 0xE0031 - 0xE0000 + 0x300):
        assert (pattern.match(chr(point)) is not None) == (unicodedata.category(chr(point)) in {"Mn", "Me"})
