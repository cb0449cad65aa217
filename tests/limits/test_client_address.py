"""Whose address it is: by proxies that are trusted, and by nothing that anybody can write into a header."""

from datetime import UTC, datetime
from ipaddress import ip_address

import pytest

from belowline.limits.client_address import address_key, client_address, forwarded_scheme, parse_address
from belowline.limits.proxies import TrustedProxies, parse_proxies

READER, FORGED = "203.0.113.9", "192.0.2.66"


@pytest.fixture
def trust(settings):
    def call(*parts, behind=False):
        settings.TRUSTED_PROXIES, settings.BEHIND_PROXY = parse_proxies(list(parts)), behind

    call()
    return call


def seen(peer, forwarded=None, **more):
    environ = {"REMOTE_ADDR": peer} | ({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded is not None else {}) | more
    found = client_address(environ)
    return None if found is None else str(found)


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("10.0.0.1", READER, READER),
        ("10.0.0.1", f"{FORGED}, {READER}", READER),
        ("10.0.0.1", f"{FORGED}, {READER}, 10.0.0.7", READER),
        ("10.0.0.1", f"{FORGED}, {READER}, fd00::7, 10.0.0.7", READER),
        ("10.0.0.1", f"  {READER}:4711 ", READER),
        ("10.0.0.1", '"[2001:db8::5]:443"', "2001:db8::5"),
        ("10.0.0.1", f"::ffff:{READER}", READER),
        ("10.0.0.1", f"garbage, {READER}", READER),
        ("10.0.0.1", "garbage", None),
        ("10.0.0.1", "", None),
        ("10.0.0.1", None, None),
        ("10.0.0.1", ", ".join(["10.0.0.7"] * 100), None),
        (FORGED, READER, FORGED),
        (FORGED, None, FORGED),
        (FORGED, f"{READER}, 10.0.0.1", FORGED),
        ("::ffff:10.0.0.1", READER, READER),
        ("", READER, None),
    ],
    ids=[
        "one proxy",
        "what a client forged",
        "two proxies",
        "three, of both kinds",
        "with a port",
        "IPv6 with a port",
        "IPv4 in IPv6",
        "garbage before it",
        "garbage alone",
        "an empty header",
        "no header",
        "proxies all the way",
        "past the proxy, with a header",
        "past the proxy",
        "past the proxy, as if through it",
        "a proxy by its IPv6 name",
        "a socket that is not trusted",
    ],
)
def test_through_trusted_proxies(trust, peer, forwarded, expected):
    trust("10.0.0.0/24", "fd00::/8")

    assert seen(peer, forwarded) == expected


@pytest.mark.parametrize(("forwarded", "expected"), [(READER, READER), (f"{FORGED}, {READER}", READER), ("", None)])
def test_through_a_socket(trust, forwarded, expected):
    trust("unix")

    assert seen("", forwarded) == expected
    assert seen("10.0.0.1", FORGED) == "10.0.0.1", "nobody else is trusted"


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("9.8.7.6", None, "9.8.7.6"),
        ("9.8.7.6", FORGED, "9.8.7.6"),
        ("127.0.0.1", None, None),
        ("127.0.0.1", FORGED, None),
        ("10.0.0.1", FORGED, None),
        ("10.0.0.1", None, "10.0.0.1"),
        ("", None, None),
        ("nonsense", None, None),
    ],
)
def test_where_no_setting_names_a_proxy(trust, peer, forwarded, expected):
    """Readers behind one that nobody has named are not taken for one reader, who would be locked out for all."""
    assert seen(peer, forwarded) == expected


@pytest.mark.parametrize(
    ("forwarded", "expected"), [(f"{FORGED}, {READER}", READER), ("garbage", "10.0.0.1"), (None, "10.0.0.1")]
)
def test_the_older_setting(trust, forwarded, expected):
    trust(behind=True)

    assert seen("10.0.0.1", forwarded) == expected


@pytest.mark.parametrize(
    ("peer", "said", "expected"),
    [
        ("10.0.0.1", "https", "https"),
        ("10.0.0.1", "HTTP", "http"),
        ("10.0.0.1", "https, http", "http"),
        ("10.0.0.1", "http, https", "https"),
        ("10.0.0.1", "gopher", None),
        ("10.0.0.1", "", None),
        (FORGED, "https", None),
    ],
)
def test_whose_word_about_https_counts(trust, peer, said, expected):
    trust("10.0.0.1")

    assert forwarded_scheme({"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_PROTO": said}) == expected


def test_without_proxies_nobodys_word_counts(trust):
    assert forwarded_scheme({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_PROTO": "https"}) is None
    assert forwarded_scheme({"REMOTE_ADDR": "", "HTTP_X_FORWARDED_PROTO": "https"}) is None


@pytest.mark.parametrize(
    "text", ["", "x", "1.2.3", "1.2.3.4.5", "[::1", "unknown", "_hidden", "1.2.3.4:5:6", "٣.1.1.1"]
)
def test_what_is_no_address(text):
    assert parse_address(text) in {None, ip_address("::1")}


def test_a_zone_is_no_part_of_an_address():
    assert str(parse_address("fe80::1%eth0")) == "fe80::1"


def key(peer, day=28):
    return address_key({"REMOTE_ADDR": peer}, datetime(2026, 11, day, 12, tzinfo=UTC))


def test_a_name_that_does_not_tell_the_address(trust, settings):
    names = {peer: key(peer) for peer in ("203.0.113.9", "203.0.113.10", "2001:db8:1:2::3")}

    assert len({*names.values()}) == 3
    assert all(len(name) == 32 and peer not in name for peer, name in names.items())
    assert key("203.0.113.9") == names["203.0.113.9"]
    assert key("203.0.113.9", day=29) != names["203.0.113.9"], "nobody is followed from one day to the next"
    settings.SECRET_KEY = "another"
    assert key("203.0.113.9") != names["203.0.113.9"]


def test_ipv6_counts_by_networks(trust):
    assert key("2001:db8:1:2::3") == key("2001:db8:1:2:ffff::1")
    assert key("2001:db8:1:2::3") != key("2001:db8:1:3::3")
    assert key("::ffff:203.0.113.9") == key("203.0.113.9")


def test_nobody_known_has_no_name(trust):
    assert key("127.0.0.1") is None


def test_a_setting_that_names_none():
    assert not parse_proxies([])
    assert parse_proxies(["unix"]) == TrustedProxies((), trusts_socket=True)
    with pytest.raises(ValueError, match="does not appear to be"):
        parse_proxies(["proxy.example"])
