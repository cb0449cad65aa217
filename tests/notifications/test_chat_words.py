"""Digests as messages of Slack and Mattermost: what people wrote mentions nobody, links nowhere, and stays text."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from belowline.notifications.chat_words import mattermost_text, message_of, message_of_escalation, slack_text
from belowline.notifications.desk_digest import desk_digest

ATTACK = "@channel <!here> **bold** [free](https://evil.example) www.evil.example `x` & # _y_"
BREAK = "\u200b"


def shown(text):
    """What stays when the breaks and escapes are taken out."""
    return re.sub(r"\\(?=[^\w\s]|_)", "", text.replace(BREAK, ""))


@pytest.mark.parametrize("words", [ATTACK, "Plain words.", "a@b.example"])
def test_mattermost_shows_the_words_themselves(words):
    assert shown(mattermost_text(words)) == words


@pytest.mark.parametrize(
    "pattern",
    [r"@\w", r"(?<!\\)\*", r"(?<!\\)\[", r"(?<!\\)`", r"(?<!\\)_", r"(?<!\\)#", r"(?<!\\)<", r"://", r"www\."],
)
def test_nothing_acts_in_mattermost(pattern):
    assert re.search(pattern, ATTACK)
    assert not re.search(pattern, mattermost_text(ATTACK))


@pytest.mark.parametrize("pattern", [r"<", r">", r"@\w", r"://", r"www\.", r"&(?!amp;|lt;|gt;)", r"\*\*", r"_y"])
def test_nothing_acts_in_slack(pattern):
    assert re.search(pattern, ATTACK)
    assert not re.search(pattern, slack_text(ATTACK))


def test_slack_shows_the_words_themselves():
    plain = slack_text(ATTACK).replace(BREAK, "")

    assert plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == ATTACK


@pytest.mark.parametrize(
    ("kind", "link"), [("slack", r"<(http[^|>]+)\|Publish>"), ("mattermost", r"\[Publish\]\((http[^)]+)\)")]
)
def test_a_digest(channel, held, kind, link):
    made = channel(kind, has_excerpts=True)
    message = message_of(made, desk_digest(made))

    text = shown(message["text"])
    assert "1 waits" in text
    assert "Words that we do not publish: Marjorie Tench under “Harbour bridge closed for repairs”" in text
    assert "> What a wombat of a harbour bridge this is." in text
    assert "Reject (Words that we do not publish)" in text
    assert re.search(link, message["text"])[1].startswith("http://localhost:8000/desk/links/")
    assert message.get("unfurl_links") is (False if kind == "slack" else None)


@pytest.mark.parametrize("kind", ["slack", "mattermost"])
def test_how_long_the_oldest_waits(channel, held, kind, site):
    held.created_at = timezone.now() - timedelta(hours=3, minutes=20)
    held.save()
    made = channel(kind, site=site)

    assert "1 waits at The Gazette" in shown(message_of(made, desk_digest(made))["text"])
    assert "the oldest for 3 h 20 min" in shown(message_of(made, desk_digest(made))["text"])


@pytest.mark.parametrize("kind", ["slack", "mattermost"])
def test_names_and_titles_act_no_more_than_texts(channel, held, reader, kind):
    reader.display_name = "@channel <!here>"
    reader.save()
    made = channel(kind)

    text = message_of(made, desk_digest(made))["text"]
    assert "@channel" not in text
    assert "<!here>" not in text


@pytest.mark.parametrize("kind", ["slack", "mattermost"])
def test_nothing_waits(channel, kind):
    assert shown(message_of(channel(kind), None)["text"]) == "Nothing waits at the desk."


@pytest.mark.parametrize("kind", ["slack", "mattermost"])
@pytest.mark.parametrize("has_excerpts", [True, False])
def test_an_escalation(channel, escalated, kind, has_excerpts):
    row = escalated(note="Is this\n@channel about him?")
    message = message_of_escalation(channel(kind, has_excerpts=has_excerpts), row, "http://localhost:8000/desk/x/")

    text = shown(message["text"])
    assert "Gazette Desk has escalated a comment" in text
    assert "by Marjorie Tench under “Harbour bridge closed for repairs”" in text
    assert ("> Is this @channel about him?" in text) is has_excerpts
    assert "@channel" not in message["text"]
    assert "http://localhost:8000/desk/x/" in message["text"]
