"""National identity numbers by their form and check digits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.engine.signals.personal_data_numbers import FORMS, find_identity_numbers


def found(text):
    return [text[start:end] for start, end in find_identity_numbers(text)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        pytest.param("my social is 536-90-4399", "536-90-4399", id="united states"),
        pytest.param("NI AB123456C", "AB123456C", id="britain unspaced"),
        pytest.param("54362315K", "54362315K", id="spain"),
        pytest.param("rccmnl83s18d969h", "rccmnl83s18d969h", id="italy, small letters"),
        pytest.param("2 95 10 99 126 111 93", "2 95 10 99 126 111 93", id="france"),
        pytest.param("personnummer 880320-0016", "880320-0016", id="sweden"),
        pytest.param("131052-308T", "131052-308T", id="finland"),
        pytest.param("CPR 211062-5629", "211062-5629", id="denmark"),
        pytest.param("Steuer-ID 36 574 261 809", "36 574 261 809", id="germany"),
    ],
)
def test_valid_numbers(text, number):
    assert number in found(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("000-12-3456", id="no such area"),
        pytest.param("666-12-3456", id="area never given"),
        pytest.param("GB123456A", id="forbidden prefix"),
        pytest.param("44051401359", id="pesel without its name"),
        pytest.param("36 574 261 809 people", id="german number without its name"),
        pytest.param("555-1234", id="short telephone"),
        pytest.param("nothing here", id="plain"),
    ],
)
def test_other_numbers(text):
    assert found(text) == []


@given(st.text(alphabet="0123456789 -ABCX", max_size=40))
def test_places_are_within_bounds(text):
    assert all(0 <= start < end <= len(text) for start, end in find_identity_numbers(text))


def test_every_form_with_weak_check_digits_needs_its_name():
    weak = [form for form in FORMS if form.pattern.pattern in {r"\b\d{9}\b", r"\b\d{11}\b"}]
    assert weak
    assert all(form.words for form in weak)
