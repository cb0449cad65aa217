"""Contact and identity data, and what only looks like it."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from belowline.engine.policy import Settings
from belowline.engine.signals.base import Prepared
from belowline.engine.signals.personal_data import PersonalDataSignal, find_personal_data
from belowline.engine.submission import Submission

HOLD = 0.5


def measure(text, region="GB", own=()):
    prepared = Prepared(Submission(text=text), Settings(region=region, own_domains=own))
    return PersonalDataSignal().measure(prepared)["personal_data"]


def kinds(text, region="GB"):
    return [(one.kind, text[one.start : one.end]) for one in find_personal_data(text, region)]


@pytest.mark.parametrize(
    ("region", "text", "number"),
    [
        pytest.param("GB", "Ring me on 020 7946 0018.", "020 7946 0018", id="london"),
        pytest.param("GB", "my mobile is 07911 123456", "07911 123456", id="british mobile"),
        pytest.param("GB", "07911123456", "07911123456", id="alone and unspaced"),
        pytest.param("GB", "Ring me on 01632 960123 or knock", "01632 960123", id="drama number after ring"),
        pytest.param("GB", "from abroad +44 20 7946 0018", "+44 20 7946 0018", id="international"),
        pytest.param("US", "call (212) 736-5000 now", "(212) 736-5000", id="american in brackets"),
        pytest.param("US", "212-736-5000", "212-736-5000", id="american with hyphens"),
        pytest.param("US", "212.736.5000", "212.736.5000", id="american with dots"),
        pytest.param("DE", "Tel. 030 901820", "030 901820", id="german"),
        pytest.param("FR", "appelez le 01 42 68 53 00", "01 42 68 53 00", id="french"),
        pytest.param("GB", "+972 50-234-5678 on WhatsApp", "+972 50-234-5678", id="israeli from britain"),
        pytest.param("ES", "llámame al 612 345 678", "612 345 678", id="spanish"),
    ],
)
def test_telephone_numbers(region, text, number):
    assert ("telephone", number) in kinds(text, region)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        pytest.param("mail joe.bloggs@example.com.", "joe.bloggs@example.com", id="plain"),
        pytest.param("joe+news@mail.example.co.uk", "joe+news@mail.example.co.uk", id="plus and subdomain"),
        pytest.param("joe(at)example.com", "joe(at)example.com", id="at in brackets"),
        pytest.param("joe [at] example [dot] com", "joe [at] example [dot] com", id="at and dot in brackets"),
        pytest.param("jürgen@müller.de", "jürgen@müller.de", id="umlauts"),
    ],
)
def test_email_addresses(text, address):
    assert kinds(text) == [("e-mail", address)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("knock at 14 Lanthorn Cottages, Pilot Street", id="cottages"),
        pytest.param("He lives at 27 Acacia Avenue and everybody knows", id="lives at"),
        pytest.param("27 Acacia Road, Springfield", id="with a town"),
        pytest.param("Flat 3, 112 High Street", id="flat"),
        pytest.param("her house is 9A St James Close", id="letter and saint"),
        pytest.param("742 Evergreen Terrace, Springfield OR 97403", id="american with zip"),
        pytest.param("12 Station Road Anytown SW1A 1AA", id="british post code"),
        pytest.param("Er wohnt in der Hauptstraße 12", id="german"),
        pytest.param("Frankfurter Allee 117", id="german in two words"),
        pytest.param("Zij woont aan de Kerkstraat 45", id="dutch"),
        pytest.param("il habite 12 bis rue de la République", id="french"),
        pytest.param("vive en la Calle de Alcalá 42", id="spanish"),
        pytest.param("abita in via Garibaldi 7", id="italian"),
        pytest.param("mora na Rua Augusta, 1500", id="portuguese"),
    ],
)
def test_postal_addresses(text):
    assert [kind for kind, _ in kinds(text)] == ["address"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("my card 4111 1111 1111 1111 ok", "card", id="visa"),
        pytest.param("5500-0000-0000-0004", "card", id="mastercard"),
        pytest.param("378282246310005", "card", id="american express"),
        pytest.param("pay to GB82 WEST 1234 5698 7654 32", "account", id="british iban"),
        pytest.param("DE89370400440532013000", "account", id="german iban"),
        pytest.param("FR14 2004 1010 0505 0001 3M02 606", "account", id="french iban"),
        pytest.param("SSN 536-90-4399", "identity", id="social security"),
        pytest.param("QQ is bad but AB 12 34 56 C is fine", "identity", id="national insurance"),
        pytest.param("mi DNI 54362315K", "identity", id="spanish dni"),
        pytest.param("NIE X-2482300W", "identity", id="spanish nie"),
        pytest.param("RCCMNL83S18D969H", "identity", id="italian tax code"),
        pytest.param("NHS number 943 476 5870", "identity", id="nhs"),
        pytest.param("mijn BSN is 111222333", "identity", id="dutch bsn"),
        pytest.param("PESEL 44051401359", "identity", id="polish pesel"),
        pytest.param("880320-0016", "identity", id="swedish"),
        pytest.param("131052-308T", "identity", id="finnish"),
    ],
)
def test_numbers_with_check_digits(text, kind):
    assert kind in [found for found, _ in kinds(text)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("my card 4111 1111 1111 1112 ok", id="wrong luhn"),
        pytest.param("4444 4444 4444 4444", id="one digit only"),
        pytest.param("GB82 WEST 1234 5698 7654 33", id="wrong iban"),
        pytest.param("54362315A", id="wrong dni letter"),
        pytest.param("111222333", id="bsn without its name"),
        pytest.param("943 476 5871 NHS", id="wrong nhs number"),
    ],
)
def test_wrong_check_digits_do_not_count(text):
    found = {kind for kind, _ in kinds(text)}
    assert not found & {"card", "account", "identity"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("In 2019 and 2020, and from 1914-1918", id="years"),
        pytest.param("2019-2020", id="a season"),
        pytest.param("It cost £1,200,000 in the end", id="price"),
        pytest.param("1,200,000 people", id="statistic"),
        pytest.param("1.200.000 Menschen", id="german thousands"),
        pytest.param("67 330 000 habitants", id="french thousands"),
        pytest.param("They lost 6-0, 3-2 and 1-1", id="scores"),
        pytest.param("on 12/04/2021 at 10:30", id="date and time"),
        pytest.param("2021-04-12 10:30:45", id="iso date"),
        pytest.param("12.04.2021", id="german date"),
        pytest.param("pi is 3.14159265358979", id="decimals"),
        pytest.param("127.0.0.1 and 192.168.100.200", id="ip addresses"),
        pytest.param("ISBN 978-3-16-148410-0", id="isbn"),
        pytest.param("10 Downing Street", id="a famous address"),
        pytest.param("He works at 10 Downing Street", id="a famous address after at"),
        pytest.param("the 9 Supreme Court justices", id="a court"),
        pytest.param("There are 300 Main Street shops", id="main street"),
        pytest.param("100 Wall Street bankers", id="wall street"),
        pytest.param("3 High Court judges", id="high court"),
        pytest.param("It is 14 degrees and 9 miles by way of Cold Ferry", id="distances"),
        pytest.param("@someone and #tag", id="handle"),
        pytest.param("look at me. Then go", id="at in a sentence"),
        pytest.param("meet me at home dot", id="at and dot as words"),
        pytest.param("No data at all", id="plain"),
        pytest.param("via PL 94-142", id="a statute"),
        pytest.param("14,000 vehicles, 1961, £5.4m, 20 minutes", id="an article's figures"),
        pytest.param("um 12 Uhr am Marktplatz 3 Uhr", id="german time"),
        pytest.param("1234567", id="seven digits"),
        pytest.param("Population: 8799800 (2021)", id="population"),
    ],
)
def test_figures_are_no_personal_data(text):
    assert kinds(text) == []


def test_the_newsrooms_own_addresses_may_stand():
    assert measure("write to letters@gazette.example", own=("gazette.example",)).value == 0.0
    assert measure("write to joe@notgazette.example", own=("gazette.example",)).value >= HOLD


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("07911 123456", "a telephone number"),
        ("joe@example.com", "an e-mail address"),
        ("She lives at 27 Acacia Avenue", "a postal address"),
        ("4111 1111 1111 1111", "a payment card number"),
        ("GB82 WEST 1234 5698 7654 32", "a bank account number"),
        ("SSN 536-90-4399", "an identity number"),
        ("nothing", ""),
    ],
)
def test_evidence_is_in_words(text, evidence):
    assert measure(text).evidence == evidence


def test_evidence_and_strongest_span_agree():
    text = "Ring 07911 123456 or knock at 14 Lanthorn Cottages, Pilot Street"
    score = measure(text)
    best = max(score.spans, key=lambda span: (span.score, span.start - span.end))
    assert text[best.start : best.end] == "07911 123456"
    assert score.evidence == "a telephone number"
    assert score.value >= HOLD


def test_every_find_has_a_span():
    text = "joe@example.com, 07911 123456"
    assert [text[span.start : span.end] for span in measure(text).spans] == ["joe@example.com", "07911 123456"]


def test_an_unknown_region_still_reads_international_numbers():
    assert measure("+44 20 7946 0018", region="ZZ").value >= HOLD


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=120))
def test_finds_are_in_order_and_without_overlap(text):
    found = find_personal_data(text, "GB")
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 999_999))
def test_short_numbers_never_count(number):
    assert kinds(f"there were {number:,} of them") == []
    assert kinds(f"there were {number} of them") == []


@settings(max_examples=80, deadline=None)
@given(st.dates())
def test_dates_never_count(date):
    assert kinds(f"on {date.isoformat()} it rained") == []
    assert kinds(f"on {date:%d/%m/%Y} it rained") == []
    assert kinds(f"on {date:%d.%m.%Y} it rained") == []
