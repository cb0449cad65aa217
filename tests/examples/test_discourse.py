"""docs/how-to/discourse.md: the plugin that turns discourse-perspective-api to another server."""

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

ABUSIVE = "You are a complete idiot, and everybody knows it."
CALM = "The bridge will be closed until May, the council says."
RUBY = shutil.which("ruby")
HAS_EXCON = RUBY and not subprocess.run([RUBY, "-rexcon", "-e", ""], capture_output=True, check=False).returncode
pytestmark = pytest.mark.skipif(not HAS_EXCON, reason="needs Ruby with excon (Debian: apt-get install ruby ruby-excon)")


@pytest.fixture
def ask(examples):
    def call(url, key, text, *more):
        return subprocess.run(
            [RUBY, str(Path(__file__).with_name("discourse.rb")), examples / "discourse/plugin.rb", key, text, *more],
            env=os.environ | {"BELOWLINE_URL": url},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    return call


@pytest.mark.parametrize(("text", "least", "most"), [(ABUSIVE, 0.9, 1), (CALM, 0, 0.5)], ids=["abusive", "calm"])
def test_the_plugin_asks_our_server(ask, server, text, least, most):
    found = json.loads(ask(server.url + "/", server.key, text).stdout)

    assert found["host"] == server.url
    assert least <= found["score"] <= most


def test_a_wrong_key_counts_as_harmless(ask, server):
    found = json.loads(ask(server.url, "wrong", ABUSIVE).stdout)

    assert "API key not valid" in found["reply"]
    assert found["score"] == 0


def test_after_three_seconds_it_gives_up(ask, silent):
    start = time.monotonic()

    assert json.loads(ask(silent, "k", ABUSIVE).stdout) == {"error": "Excon::Error::Timeout"}
    assert 3 <= time.monotonic() - start < 6


@pytest.mark.parametrize(
    ("url", "more", "expected"),
    [
        ("https://belowline.example/v1alpha1", [], "BELOWLINE_URL has no path"),
        ("https://belowline.example", ["without"], "discourse-perspective-api is not installed"),
    ],
    ids=["path", "no plugin"],
)
def test_what_is_wrong_stops_the_start(ask, url, more, expected):
    done = ask(url, "k", CALM, *more)

    assert done.returncode == 1
    assert expected in done.stderr
