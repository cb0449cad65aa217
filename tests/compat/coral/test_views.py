"""The address that Coral calls: its own request bodies, every outcome, and what is wrong with a request."""

import json
import logging

import pytest
from django.test import Client

from belowline.compat.coral import views
from belowline.compat.coral.schemas import read_request

# From Coral's documentation of the phase, word for word.
NEW_COMMENT = """{
  "action": "NEW",
  "comment": {
    "body": "Here's a comment!",
    "parentID": null
  },
  "author": {
    "id": "baf4e943-3594-4fcc-b2ba-3e8de7a76352",
    "role": "COMMENTER"
  },
  "story": {
    "id": "245b3856-b0a0-4d2f-a6bb-58c71f18d6a6",
    "url": "http://localhost:1313/posts/a-story-url/"
  },
  "site": {
    "id": "a4bede88-2d2c-4424-bc18-4322a9e285a6"
  },
  "tenantID": "19ba5794-7eeb-4d46-a81b-c00c61672501",
  "tenantDomain": "localhost"
}"""
NEW_REPLY = """{
  "action": "NEW",
  "comment": {"body": "Here's a reply!", "parentID": "d79b787f-f406-49a0-a179-72e3652e54be"},
  "author": {"id": "baf4e943-3594-4fcc-b2ba-3e8de7a76352", "role": "COMMENTER"},
  "story": {"id": "245b3856-b0a0-4d2f-a6bb-58c71f18d6a6", "url": "http://localhost:1313/posts/a-story-url/"},
  "site": {"id": "a4bede88-2d2c-4424-bc18-4322a9e285a6"},
  "tenantID": "19ba5794-7eeb-4d46-a81b-c00c61672501",
  "tenantDomain": "localhost"
}"""
HELD = "What a wombat of a harbour bridge this is."


def test_corals_own_requests_are_understood():
    asked = read_request(NEW_REPLY.encode())

    assert (asked.action, asked.comment.body) == ("NEW", "Here's a reply!")
    assert asked.comment.parent_id == "d79b787f-f406-49a0-a179-72e3652e54be"
    assert asked.story.id == "245b3856-b0a0-4d2f-a6bb-58c71f18d6a6"
    assert asked.story.url == "http://localhost:1313/posts/a-story-url/"
    assert read_request(NEW_COMMENT.encode()).comment.parent_id is None


@pytest.mark.parametrize("body", [NEW_COMMENT, NEW_REPLY, NEW_COMMENT.replace("NEW", "EDIT")])
def test_corals_own_requests_are_answered(gazette, post, body):
    answer = post("gazette", body.encode())

    assert (answer.status_code, answer.content) == (204, b"")


def test_a_call_by_hand_needs_no_more_than_its_signature(gazette, sent, signed):
    """As curl sends it: another type of content, and no cookie or token of ours."""
    body = json.dumps(sent(HELD)).encode()
    answer = Client(enforce_csrf_checks=True).post(
        "/coral/gazette/",
        body,
        content_type="application/x-www-form-urlencoded",
        headers={"X-Coral-Signature": signed(body, "the phase's own secret")},
    )

    assert answer.json()["status"] == "SYSTEM_WITHHELD"


def test_a_held_comment(gazette, ask):
    answer = ask(gazette, HELD)

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert {name: answer.said[name] for name in ("status", "actions", "tags")} == {
        "status": "SYSTEM_WITHHELD",
        "actions": [],
        "tags": [],
    }
    assert answer.said["belowline"]["outcome"] == "hold"
    assert answer.said["belowline"]["rules"] == ["banned_word"]
    assert answer.said["belowline"]["policy"].startswith("small@")


def test_a_rejected_comment(gazette, ask, activate):
    activate(gazette, reject=0.9)

    assert ask(gazette, HELD).said["moderationAction"] == {
        "status": "REJECTED",
        "rejectionReason": {"code": "BANNED_WORD", "detailedExplanation": "“wombat” is not published here."},
    }


def test_spam_is_flagged_as_spam(gazette, ask):
    said = ask(gazette, "See https://a.example https://b.example https://c.example").said

    assert said["status"] == "SYSTEM_WITHHELD"
    assert said["actions"] == [{"actionType": "FLAG", "reason": "COMMENT_DETECTED_SPAM"}]


def test_the_other_papers_policy_decides_there(gazette, courier, ask, texts):
    """Abuse is no matter of the small policy; without a story the shipped one holds, with the flag for abuse alone."""
    assert ask(gazette, texts["abuse"]).status_code == 204

    said = ask(courier, texts["abuse"]).said
    assert said["status"] == "SYSTEM_WITHHELD"
    assert said["actions"] == [{"actionType": "FLAG", "reason": "COMMENT_DETECTED_TOXIC"}]
    assert {"personal_abuse", "off_topic"} <= set(said["belowline"]["rules"])


@pytest.mark.parametrize("role", ["COMMENTER", "MEMBER", "STAFF", "MODERATOR", "ADMIN", "SOMETHING_NEW"])
def test_everybody_is_judged_alike(gazette, ask, role):
    assert ask(gazette, HELD, author={"id": "x", "role": role}).said["status"] == "SYSTEM_WITHHELD"


@pytest.mark.parametrize("action", ["NEW", "EDIT", "SOMETHING_NEW"])
def test_every_action_is_judged_alike(gazette, ask, action):
    assert ask(gazette, HELD, action=action).said["status"] == "SYSTEM_WITHHELD"


@pytest.mark.parametrize("body", ["<div>What a <b>wom</b>bat</div>", "What a wo&#109;bat", "<p>Hello</p><p>wombat</p>"])
def test_html_is_judged_by_its_text(gazette, ask, body):
    assert ask(gazette, body).said["belowline"]["rules"] == ["banned_word"]


def test_plain_text_is_judged_to_the_last_bracket(gazette, ask):
    assert ask(gazette, "You <wombat>").said["belowline"]["rules"] == ["banned_word"]
    assert ask(gazette, "I <3 this bridge").status_code == 204


@pytest.mark.parametrize("body", ["", "  ", "<div><br></div>"])
def test_nothing_to_judge(gazette, ask, body):
    """A picture or a rating alone: Coral sends none of it."""
    assert ask(gazette, body).status_code == 204


def test_half_a_surrogate_pair_slips_nothing_by(gazette, post, sent):
    """JavaScript writes such JSON; refusing it would publish the comment."""
    body = json.dumps(sent(HELD + " \ud83d")).encode()
    assert b"\\ud83d" in body

    assert post("gazette", body).json()["belowline"]["rules"] == ["banned_word"]


def test_a_text_that_is_too_long_is_held(gazette, ask):
    assert ask(gazette, "word " * 20_000).said["status"] == "SYSTEM_WITHHELD"


def test_unknown_fields_do_no_harm(gazette, ask):
    assert ask(gazette, HELD, weather={"is": ["fine"]}).status_code == 200


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"story": {"id": "1", "url": ""}}, "comment"),
        ({"comment": {}, "story": {"id": "1"}}, "body"),
        ({"comment": {"body": None}, "story": {"id": "1"}}, "$.comment.body"),
        ({"comment": {"body": ["secret words"]}, "story": {"id": "1"}}, "$.comment.body"),
        ({"comment": {"body": "secret words"}}, "story"),
        ({"comment": {"body": "secret words"}, "story": {"url": ""}}, "id"),
        ({"comment": "secret words", "story": {"id": "1"}}, "$.comment"),
        ([], "array"),
        ({"comment": {"body": "secret"}, "story": {"id": 1}}, "$.story.id"),
        ("secret words", "str"),
    ],
)
def test_a_wrong_body_is_told_where(gazette, post, body, place):
    answer = post("gazette", json.dumps(body).encode())

    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid_input"
    assert place in answer.json()["detail"]
    assert "secret" not in answer.content.decode()


@pytest.mark.parametrize("body", [b"", b"secret words", b'{"comment": "secret', b"\xff\xfe"])
def test_a_body_that_is_no_json(gazette, post, body):
    answer = post("gazette", body)

    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid_json"
    assert "secret" not in answer.content.decode()


def test_a_site_that_is_unknown_or_not_connected(gazette, other_site, ask):
    other_site.key = "nowhere"
    for site in (other_site, type(other_site)(key="courier")):
        answer = ask(site, "Hello.")
        assert answer.status_code == 404
        assert answer.said["code"] == "not_connected"


def test_a_body_that_is_too_long(gazette, ask):
    assert ask(gazette, "x" * 2_000_001).status_code == 413


@pytest.mark.parametrize("method", ["get", "put", "delete", "options"])
def test_other_methods(gazette, client, method):
    answer = getattr(client, method)("/coral/gazette/")

    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_whatever_breaks_holds(gazette, ask, monkeypatch, caplog):
    def broken(*_):
        raise RuntimeError(HELD)

    monkeypatch.setattr(views, "gather", broken)

    assert ask(gazette, "Hello.").said["belowline"]["rules"] == ["engine_failed"]
    assert "RuntimeError" in caplog.text
    assert "wombat" not in caplog.text


@pytest.mark.parametrize("text", [HELD, "", "wombat " * 20_000])
def test_no_text_in_the_log(gazette, ask, caplog, text):
    with caplog.at_level(logging.DEBUG, logger="belowline"):
        ask(gazette, text, parent="p-1")

    assert "wombat" not in caplog.text
