"""Display names: any script, and no name that could be taken for another's or for the newsroom's voice."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st

from belowline.accounts.models import User
from belowline.accounts.names import (
    MAX_CHARACTERS,
    MAX_KEY_CHARACTERS,
    RESERVED,
    RESERVED_WORDS,
    clean_display_name,
    is_honest_mix,
    is_reserved,
    name_key,
)

HONEST = [
    "Marjorie Tench",
    "Ó Dálaigh",
    "Zoë Pascoe",
    "Jean-Luc",
    "O’Brien",
    "O'Brien",
    "J.R. Hartley",
    "saltmarsh_sue",
    "harbourlight72",
    "Straße",
    "Łukasz",
    "Nguyễn Văn An",
    "İbrahim Çelik",
    "Ολυμπία Παπαδοπούλου",
    "Иван Петров",
    "Олена Шевченко",
    "მარიამ",
    "Աննա",
    "محمد علي",
    "فاطمة الزهراء",
    "דוד כהן",
    "नरेन्द्र शर्मा",
    "சுந்தரம்",
    "ศรีสุดา",
    "李静",
    "山田たろう",
    "スミス·ジョン",
    "田中Taro",
    "김민준",
    "ㄅㄆㄇ李",
    "Aoife Ní Bhriain",
    "Ken 2",
]


@pytest.mark.parametrize("name", HONEST)
def test_a_name_in_any_script(name):
    assert clean_display_name(name) == unicodedata.normalize("NFC", name)
    assert not is_reserved(name)


@pytest.mark.parametrize("name", HONEST)
def test_honest_names_have_keys_of_their_own(name):
    key = name_key(name)

    assert 0 < len(key) <= MAX_KEY_CHARACTERS
    assert [other for other in HONEST if name_key(other) == key] in ([name], ["O’Brien", "O'Brien"])


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "name_length"),
        ("A", "name_length"),
        ("   A   ", "name_length"),
        ("x" * 41, "name_length"),
        ("Ken 😀", "name_characters"),
        ("😀😀", "name_characters"),
        ("Ken❤", "name_characters"),
        ("a@b", "name_characters"),
        ("Ken <b>", "name_characters"),
        ("Ken/Sue", "name_characters"),
        ("Ken\u200b Stubbs", "name_characters"),
        ("Ken\u202eStubbs", "name_characters"),
        ("Ken\u00adStubbs", "name_characters"),
        ("Ken\ufeff", "name_characters"),
        ("Ken\x00", "name_characters"),
        ("Ken & Sue", "name_characters"),
        ("http://x", "name_characters"),
        ("\u3164\u3164\u3164", "name_characters"),
        ("Ken\u3164", "name_characters"),
        ("Ken\u115f", "name_characters"),
        ("Ken\uffa0", "name_characters"),
        ("Ken\u17b4", "name_characters"),
        ("12345", "name_letters"),
        ("...", "name_letters"),
        ("- -", "name_letters"),
        ("\u0301\u0301\u0301", "name_letters"),
        ("Аdmin", "name_mixed"),
        ("pаypal", "name_mixed"),
        ("Kеn", "name_mixed"),
        ("Gοοgle", "name_mixed"),
        ("аpple pie", "name_mixed"),
        ("Ivan Пeтров", "name_mixed"),
        ("日本Иван", "name_mixed"),
        ("ᎪᎠMIN", "name_mixed"),
    ],
)
def test_names_that_are_refused(name, code):
    with pytest.raises(ValidationError) as caught:
        clean_display_name(name)

    assert caught.value.code == code


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("  Ken   Stubbs ", "Ken Stubbs"),
        ("Ken\tStubbs", "Ken Stubbs"),
        ("Ken\u00a0Stubbs", "Ken Stubbs"),
        ("Ken\u3000Stubbs", "Ken Stubbs"),
        ("Zoe\u0308", "Zoë"),
    ],
)
def test_blanks_and_accents_are_put_in_order(name, kept):
    assert clean_display_name(name) == kept


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("paypal", "paypaI"),
        ("paypal", "paypa1"),
        ("paypal", "PayPal"),
        ("paypal", "pay pal"),
        ("paypal", "pay_pal"),
        ("paypal", "раураl"),
        ("Coco", "Сосо"),
        ("Robin", "R0bin"),
        ("Robin", "Ꭱobin"),
        ("modern", "rnodern"),
        ("wwwilson", "vvvvvvilson"),
        ("Zoë", "Zoe"),
        ("Zoë", "Zöe"),
        ("Straße", "STRASSE"),
        ("Ken", "Ｋｅｎ"),
        ("Ken", "𝐊𝐞𝐧"),
        ("Ken", "Ken."),
        ("Łukasz", "ŁUKASZ"),
        ("Ken", "Ke\u0301n"),
    ],
)
def test_names_that_look_alike_have_one_key(name, other):
    assert name_key(name) == name_key(other)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Marjorie", "Margery"),
        ("Ken", "Kent"),
        ("李静", "李靜"),
        ("राम", "रोम"),
        ("मीना", "माना"),
        ("กี", "กา"),
        ("ไก่", "ไข่"),
        ("தமி", "தமு"),
        ("Ivan", "Ivana"),
        ("Ken 1", "Ken 2"),
        ("かな", "カナ"),
    ],
)
def test_names_that_differ_have_two_keys(name, other):
    assert name_key(name) != name_key(other)


@pytest.mark.parametrize(
    "name",
    [
        *RESERVED,
        *RESERVED_WORDS,
        "Admin",
        "ADMIN",
        "Adm1n",
        "A d m i n",
        "Аdmin",
        "аdmіn",
        "The Moderator",
        "Moderators",
        "Site Admin",
        "SiteAdmin",
        "admin_",
        "Admin2024",
        "Gazette Staff",
        "Gazette-Staff",
        "GazetteNewsroom",
        "Editor",
        "Editors",
        "System",
        "Bel0wline",
        "rnoderator",
    ],
)
def test_the_newsrooms_own_voice_is_reserved(name):
    assert is_reserved(name)


@pytest.mark.parametrize(
    "name",
    [
        "Stafford",
        "Jane Stafford",
        "Badminton Bob",
        "Creditor",
        "Ecosystem Ed",
        "Flagstaff",
        "Ken Stubbs",
        "Edith",
        "Sadminster",
        "Moder",
    ],
)
def test_ordinary_names_that_hold_a_reserved_word_are_free(name):
    assert not is_reserved(name)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Ken", True),
        ("Кен", True),
        ("田中Taro", True),
        ("たろうタロウ", True),
        ("김Kim", True),
        ("Kеn", False),
        ("Ivanω", False),
        ("дo", False),
        ("محمدx", False),
        ("123", True),
        ("", True),
        ("кana日", False),
    ],
)
def test_scripts_that_occur_together(word, expected):
    assert is_honest_mix(word) is expected


@given(st.text(max_size=60))
@example("ﷺ" * 20)
@example("ﷺ" * 40)
@example("ß" * 40)
@example("ΐ" * 40)
def test_whatever_is_kept_fits_into_its_columns(name):
    try:
        clean = clean_display_name(name)
    except ValidationError:
        return

    assert clean_display_name(clean) == clean
    assert len(clean) <= MAX_CHARACTERS == User._meta.get_field("display_name").max_length
    assert 0 < len(name_key(clean)) <= User._meta.get_field("display_name_key").max_length
    assert unicodedata.is_normalized("NFC", clean)
    assert not any(unicodedata.category(character)[0] == "C" for character in clean)


@given(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1, max_size=20))
def test_the_key_does_not_depend_on_blanks(name):
    assert name_key(" ".join(name)) == name_key(name)


@given(st.sampled_from(HONEST), st.sampled_from([" ", "_", ".", "-", "\u0301", "\u0308"]), st.data())
def test_a_sign_or_an_accent_makes_no_new_name(name, addition, data):
    place = data.draw(st.integers(1, len(name)))

    assert name_key(name[:place] + addition + name[place:]) == name_key(name)
