"""Postal addresses: what is one, and what only has a number before a street."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.engine.signals.personal_data_addresses import find_addresses


def found(text):
    return [text[start:end] for start, end in find_addresses(text)]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        pytest.param("I live at 14 High Street and", "14 High Street", id="live at"),
        pytest.param("address: 221 Old Kent Road", "221 Old Kent Road", id="after a colon"),
        pytest.param("14 Lanthorn Cottages, Pilot", "14 Lanthorn Cottages, Pilot", id="followed by a place"),
        pytest.param("Apt 4, 350 Fifth Ave", "350 Fifth Ave", id="abbreviated"),
        pytest.param("Musterweg 3a", "Musterweg 3a", id="german with a letter"),
        pytest.param("Storgatan 12", "Storgatan 12", id="swedish"),
        pytest.param("17, avenue des Ternes", "17, avenue des Ternes", id="french"),
        pytest.param("Piazza San Marco 4", "Piazza San Marco 4", id="italian"),
        pytest.param("ul. Długa 14", "ul. Długa 14", id="polish"),
    ],
)
def test_addresses(text, address):
    assert address in found(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Some 300 Mercer Street residents signed", id="no word before"),
        pytest.param("at 1600 Pennsylvania Avenue", id="the white house"),
        pytest.param("at 4 Privet Drive", id="a novel"),
        pytest.param("in 2012 Acorn Hill closed", id="a year"),
        pytest.param("the number 3 bus on Pilot Street", id="a bus"),
        pytest.param("Marktplatz 10 Uhr", id="a time"),
        pytest.param("£20 Oxford Street voucher", id="a price"),
        pytest.param("nothing", id="plain"),
    ],
)
def test_no_addresses(text):
    assert found(text) == []


@given(st.text(max_size=100))
def test_places_are_within_bounds(text):
    assert all(0 <= start < end <= len(text) for start, end in find_addresses(text))
