"""What a message says, and what it never says."""

import json
from datetime import datetime, timedelta

import pytest

from belowline.accounts.models import Identity
from belowline.comments.actions.delete_comment import delete_comment
from belowline.moderation.actions.close_account import close_account
from belowline.moderation.actions.report_comment import report_comment
from belowline.notifications.webhooks.models import Message
from belowline.notifications.webhooks.payload import body_of
from belowline.stories.actions.control_story import control_story

PERSONAL = ("Marjorie", "Tench", "marjorie@reader.example", "wombat", "harbour bridge and its tolls")


@pytest.fixture
def say():
    """The body of the newest message, as text and as an object."""

    def call():
        row = Message.objects.select_related("webhook__site", "event").order_by("-pk").first()
        text = body_of(row).decode()
        return text, json.loads(text)

    return call


def test_a_published_comment(webhook, post, story, say, settings):
    webhook()
    comment = post().comment
    _, body = say()

    assert datetime.fromisoformat(body.pop("timestamp")).utcoffset() == timedelta(0)
    assert body == {
        "type": "comment.published",
        "site": "gazette",
        "data": {
            "comment": {
                "id": comment.pk,
                "address": f"{settings.BASE_URL}/comments/{comment.pk}/",
                "story": {"key": "bridge", "url": "https://gazette.example/news/bridge"},
                "reply_to": None,
                "status": "published",
                "created_at": comment.created_at.isoformat(),
            },
            "decision": {"id": comment.decisions.get().pk, "made_by": "machine", "rules": []},
        },
    }


def test_a_persons_decision_names_the_rule_and_nobody(webhook, held, decide, say):
    webhook()
    decide(held, "reject", rule="banned_word", note_to_author="Leave the animal out.")
    text, body = say()

    assert body["type"] == "comment.rejected"
    assert body["data"]["decision"]["made_by"] == "person"
    assert body["data"]["decision"]["rules"] == ["banned_word"]
    assert [word for word in (*PERSONAL, "Gazette Desk", "Leave the animal") if word in text] == []


def test_texts_and_authors_only_where_the_endpoint_may_know(webhook, post, site, reader, say):
    Identity.objects.create(site=site, subject="subscriber-7", user=reader)
    webhook(sends_text=True, sends_author=True)
    comment = post().comment
    _, body = say()

    told = body["data"]["comment"]
    assert (told["text"], told["html"], told["author"]) == (comment.text_source, comment.body_html, "subscriber-7")


def test_who_has_no_id_of_the_publishers_is_null_and_of_another_site_too(webhook, post, other_site, reader, say):
    Identity.objects.create(site=other_site, subject="courier-7", user=reader)
    webhook(sends_author=True)
    post()
    text, body = say()

    assert body["data"]["comment"]["author"] is None
    assert "courier-7" not in text


def test_what_was_deleted_meanwhile_is_not_told_any_more(webhook, post, site, reader, say):
    Identity.objects.create(site=site, subject="subscriber-7", user=reader)
    webhook(types=["comment.published"], sends_text=True, sends_author=True)
    comment = post().comment
    delete_comment(comment=comment, by=reader)
    _, body = say()

    assert body["type"] == "comment.published"
    assert body["data"]["comment"]["status"] == "deleted"
    assert {"text", "html"}.isdisjoint(body["data"]["comment"])
    close_account(user=reader, deletes_comments=True)
    text, body = say()
    assert body["data"]["comment"]["author"] is None
    assert [word for word in (*PERSONAL, "subscriber-7") if word in text] == []


def test_reports_name_neither_reporter_nor_words(webhook, published, other_reader, say):
    webhook()
    report_comment(comment=published, reporter=other_reader, category="spam", text_source="Ken says so.")
    text, body = say()

    assert body["type"] == "report.received"
    assert (body["data"]["report"]["category"], body["data"]["report"]["state"]) == ("spam", "open")
    assert body["data"]["comment"]["id"] == published.pk
    assert "Ken" not in text


def test_appeals_and_notices(  # noqa: PLR0917 - a cast
    webhook, rejected, reader, published, give_notice, say
):
    from belowline.moderation.actions.submit_appeal import submit_appeal

    webhook()
    appeal = submit_appeal(comment=rejected, author=reader, text_source="Marjorie says so.")
    text, body = say()
    assert body["data"]["appeal"] == {"id": appeal.pk, "decision": appeal.decision_id, "state": "open"}
    assert "Marjorie" not in text

    notice = give_notice(published, name="Ada Notifier", email="ada@notifier.example")
    text, body = say()
    assert body["type"] == "notice.received"
    assert body["data"]["notice"] == {"id": notice.pk, "category": notice.category, "state": "open"}
    assert "ada" not in text.lower()


def test_measures(webhook, site, reader, sanction, say):
    Identity.objects.create(site=site, subject="subscriber-7", user=reader)
    row = webhook(sends_author=True)
    sanction("suspend", words="Dear Marjorie, stop.")
    text, body = say()

    assert body["type"] == "sanction.given"
    measure = body["data"]["measure"]
    assert (measure["kind"], measure["rule"], measure["is_lifted"]) == ("suspend", "banned_word", False)
    assert datetime.fromisoformat(measure["ends_at"]) > datetime.fromisoformat(measure["begins_at"])
    assert body["data"]["author"] == "subscriber-7"
    assert "Marjorie" not in text
    row.sends_author = False
    row.save()
    assert "author" not in say()[1]["data"]


def test_a_discussion_that_is_closed(webhook, story, moderator, say):
    webhook()
    control_story(story=story, by=moderator, controls={"mode": "closed", "closed_reason": "legal"})
    _, body = say()

    assert (body["type"], body["data"]["changed"]) == ("story.controlled", ["closed_reason", "mode"])
    assert body["data"]["story"]["mode"] == "closed"
    assert body["data"]["story"]["closed_reason"] == "legal"


def test_trying_out_says_nothing(webhook, say):
    Message.objects.create(webhook=webhook())
    _, body = say()

    assert (body["type"], body["data"]) == ("webhook.test", {})


def test_small_as_the_specification_advises(webhook, post, say, settings):
    """Less than 20 kB also with the longest text, in letters of four bytes."""
    webhook(sends_text=True)
    post("𝔸" * 100 + " " + "harbour bridge tolls " * 130)
    text, _ = say()

    assert len(text.encode()) < 20_000
