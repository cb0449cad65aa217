"""docs/how-to/wordpress.md: the plugin, with stand-ins for the functions of WordPress that it calls."""

import json
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

ABUSIVE = "You are a complete idiot, and everybody knows it."
CALM = "The bridge will be closed until May, the council says."
PHP = shutil.which("php")
pytestmark = pytest.mark.skipif(PHP is None, reason="needs PHP (Debian: apt-get install php-cli)")
POST = {
    "post_title": "Harbour bridge closed &amp; fenced",
    "post_content": "<!-- wp:paragraph -->\n<p>The harbour bridge is closed until May. [gallery ids=1]Tolls pay for "
    "new cables, the council says; lorries take the tunnel.</p>\n<!-- /wp:paragraph -->",
}
STRAY = (
    "My grandmother bakes a marvellous plum cake with butter, cinnamon and almonds every September, and the neighbours "
    "queue for the recipe although the oven is older than television."
)


@pytest.fixture
def moderate(examples, server):
    """Let the plugin decide about a comment; returns what came of it, and what was logged."""

    def call(text, *, approved=1, moderator=False, posts=None, parent=0, **settings):
        case = {
            "settings": {"BELOWLINE_URL": server.url, "BELOWLINE_KEY": server.key} | settings,
            "approved": approved,
            "comment": {"comment_content": text, "comment_post_ID": 3, "comment_parent": parent},
            "posts": {3: POST} if posts is None else posts,
            "comments": {5: {"comment_content": "Will <b>lorries</b> pay?"}},
            "moderator": moderator,
        }
        done = subprocess.run(
            [PHP, str(Path(__file__).with_name("wordpress.php")), examples / "wordpress/belowline-comments.php"],
            input=json.dumps(case),
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
        return json.loads(done.stdout) | {"log": done.stderr}

    return call


def test_an_ordinary_comment_stays_as_wordpress_decided(moderate):
    assert moderate(CALM) | {"sent": None} == {"approved": 1, "shown": "", "sent": None, "log": ""}


def test_an_insult_is_held_with_its_score(moderate):
    found = moderate(ABUSIVE)

    assert found["approved"] == 0
    assert re.search(r"TOXICITY 0\.9\d.*INSULT 0\.9\d", found["shown"])


def test_what_belongs_to_another_story_is_held(moderate):
    found = moderate(STRAY)

    assert found["approved"] == 0
    assert re.fullmatch(r"OFF_TOPIC (0\.[89]\d|1\.00)", found["shown"])


def test_the_article_and_the_parent_are_sent_as_plain_text(moderate):
    (sent,) = moderate("That isn\\'t <em>true</em> &amp; you know it.", parent=5)["sent"]

    assert sent["comment"]["text"] == "That isn't true & you know it."
    context = sent["context"]["articleAndParentComment"]
    assert context["article"]["text"].startswith(
        "Harbour bridge closed & fenced\nThe harbour bridge is closed until May. Tolls"
    )
    assert context["parentComment"]["text"] == "Will lorries pay?"


def test_without_an_article_the_topic_is_not_asked_for(moderate):
    found = moderate(CALM, posts={})

    assert found["approved"] == 1
    assert set(found["sent"][0]["requestedAttributes"]) == {"TOXICITY", "INSULT"}


@pytest.mark.parametrize("approved", [0, "spam", "trash"])
def test_what_is_not_to_be_published_is_left(moderate, approved):
    assert moderate(CALM, approved=approved) == {"approved": approved, "shown": "", "sent": [], "log": ""}


def test_moderators_are_not_held(moderate):
    assert moderate(ABUSIVE, moderator=True)["approved"] == 1


def test_a_server_that_does_not_answer_in_time(moderate, silent):
    start = time.monotonic()
    found = moderate(CALM, BELOWLINE_URL=silent, BELOWLINE_SECONDS=1)

    assert time.monotonic() - start < 5
    assert (found["approved"], found["shown"]) == (0, "not scored: no answer (http_request_failed)")


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"BELOWLINE_KEY": "wrong"}, "API key not valid"),
        ({"BELOWLINE_KEY": ""}, "are not set"),
        ({"BELOWLINE_HOLD_AT": {"<b>NICE</b>": 0.5}}, "Unknown requested attribute"),
    ],
    ids=["wrong key", "no key", "unknown attribute"],
)
def test_nothing_is_published_unscored(moderate, settings, expected):
    found = moderate(CALM, **settings)

    assert found["approved"] == 0
    assert expected in found["shown"]
    assert "<" not in found["shown"]
    assert expected in found["log"]
    assert "bridge" not in found["log"]


def test_a_language_that_is_not_read_is_held(moderate):
    found = moderate(
        "Die Brücke bleibt nach Angaben der Stadtverwaltung noch bis Mai für sämtliche Fahrzeuge gesperrt."
    )

    assert found["approved"] == 0
    assert "does not support request languages: de" in found["shown"]


def test_the_constants_in_the_documentation_are_known(examples):
    named = set(re.findall(r"define\('(\w+)'", (examples / "wordpress/wp-config.example.php").read_text("utf-8")))

    assert named == set(
        re.findall(r"'(BELOWLINE_\w+)' =>", (examples / "wordpress/belowline-comments.php").read_text("utf-8"))
    )
