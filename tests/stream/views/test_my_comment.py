"""What happened to this comment: the statement, the steps, the appeal; for its author alone."""

import html
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from belowline.comments.models import Comment
from belowline.moderation.actions.submit_appeal import submit_appeal
from belowline.moderation.models import Appeal, Decision
from belowline.stream.views import my_comment as module


@pytest.fixture
def page(as_reader):
    def call(comment, query=""):
        answer = as_reader.get(f"/me/comments/{comment.pk}/{query}")
        assert answer.status_code == 200
        return html.unescape(answer.content.decode())

    return call


@pytest.fixture
def contest(as_reader):
    def call(comment, text="", *, client=as_reader, query="", **more):
        return client.post(f"/me/comments/{comment.pk}/appeal/{query}", {"text": text} | more)

    return call


# --- who


def test_strangers_sign_in_first(stranger, rejected, contest):
    for answer in (stranger.get(f"/me/comments/{rejected.pk}/"), contest(rejected, client=stranger)):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")
    assert not Appeal.objects.exists()


@pytest.mark.parametrize("who", ["as_other_reader", "as_moderator"])
def test_nobody_elses(request, who, rejected, contest):
    client = request.getfixturevalue(who)

    assert client.get(f"/me/comments/{rejected.pk}/").status_code == 404
    assert contest(rejected, client=client).status_code == 404
    assert not Appeal.objects.exists()


def test_contesting_is_no_reading(as_reader, rejected):
    assert as_reader.get(f"/me/comments/{rejected.pk}/appeal/").status_code == 405
    assert as_reader.post(f"/me/comments/{rejected.pk}/").status_code == 405


# --- what is shown


def test_published(page, published):
    shown = page(published)

    assert published.text_source in shown
    assert '<span class="badge published">Published</span>' in shown
    assert "<strong>Published</strong> by machine" in shown
    assert "<form" not in shown.split('id="steps"')[0].split("</nav>")[1]


def test_held(page, held):
    shown = page(held)

    assert "Why a moderator looks at it" in shown
    assert '<mark title="Words that we do not publish">wombat</mark>' in shown
    assert "“wombat” is not published here." in shown
    assert "Held by machine" in shown
    assert "as soon as somebody is on duty" in shown
    assert "Contest" not in shown


def test_rejected(page, rejected, story):
    shown = page(rejected)
    until = rejected.decisions.latest("pk").created_at + timedelta(days=183)

    assert "Why it was not published" in shown
    assert '<mark title="Words that we do not publish">wombat</mark>' in shown
    assert "For readers: Words that we do not publish." in shown
    assert "The passage: “wombat”." in shown
    assert "A note from the moderator" in shown
    assert "Leave the animal out." in shown
    assert "Decided by a person" in shown
    assert f"say so until {until:%-d %B %Y}" in shown
    assert f'href="/discussion/{story.pk}/?resubmit={rejected.pk}#composer"' in shown
    assert "Gazette Desk" not in shown


def test_removed(page, removed):
    shown = page(removed)

    assert "Why it was removed" in shown
    assert "For readers: Links." in shown
    assert "Contest the decision" in shown
    assert "Rewrite" not in shown


@pytest.mark.parametrize(
    ("source", "ground", "words"),
    [
        (
            "notice",
            {"legal_ground": "Section 1"},
            ("Somebody had given notice that it is illegal.", "The law: Section 1"),
        ),
        ("report", {}, ("A reader had reported it.",)),
    ],
)
def test_what_led_to_a_removal(page, removed, source, ground, words):
    decision = removed.decisions.latest("pk")
    assert not any(part in page(removed) for part in words)
    Decision.objects.filter(pk=decision.pk).update(source=source, reasons=[decision.reasons[0] | ground])

    assert all(part in page(removed) for part in words)


def test_too_late(page, rejected, contest):
    Decision.objects.filter(comment=rejected).update(created_at=timezone.now() - timedelta(days=200))

    assert "This could be contested until" in page(rejected)
    assert "<textarea" not in page(rejected)
    answer = contest(rejected, "Please.")
    assert answer.status_code == 422
    assert "could be contested until" in answer.content.decode()


def test_the_second_version_and_the_first_lead_to_each_other(page, rejected, post):
    second = post("An animal.", resubmits=rejected).comment

    assert f'href="/me/comments/{second.pk}/"' in page(rejected)
    assert "You have posted a second version of this comment already." in page(rejected)
    assert f'href="/me/comments/{rejected.pk}/"' in page(second)


def test_a_reply_says_to_whom(page, post, other_reader):
    parent = post("A quiet remark.", author=other_reader).comment

    assert "A reply to Ken Stubbs" in page(post("You wombat.", parent=parent).comment)


def test_the_frame_is_kept(page, rejected, contest):
    shown = page(rejected, "?embed=1")

    assert f'action="/me/comments/{rejected.pk}/appeal/?embed=1#appeal"' in shown
    assert f"?resubmit={rejected.pk}&embed=1#composer" in shown
    assert contest(rejected, query="?embed=1")["Location"] == f"/me/comments/{rejected.pk}/?embed=1"


# --- the appeal


def test_contesting(page, rejected, contest, as_reader):
    answer = contest(rejected, "A wombat\x00 is an animal.\r\nAsk anybody.")

    assert (answer.status_code, answer["Location"]) == (302, f"/me/comments/{rejected.pk}/")
    assert Appeal.objects.get().text_source == "A wombat is an animal.\nAsk anybody."
    shown = page(rejected)
    assert "We have your appeal." in shown
    assert "You contested it" in shown
    assert "A wombat is an animal.\nAsk anybody." in shown
    assert "<textarea" not in shown


def test_twice(rejected, contest):
    contest(rejected)
    answer = contest(rejected, "And another thing.")

    assert answer.status_code == 422
    assert "contested this decision already" in answer.content.decode()


def test_a_text_that_is_too_long_stays_in_the_form(rejected, contest):
    answer = contest(rejected, "x" * 2001)

    assert answer.status_code == 422
    assert "2,001 characters; at most 2,000 fit here" in answer.content.decode()
    assert f"{'x' * 2001}</textarea>" in answer.content.decode()


def test_on_what_one_has_not_seen(rejected, contest):
    answer = contest(rejected, last_seen=rejected.decisions.earliest("pk").pk)

    assert answer.status_code == 422
    assert "Please look again." in answer.content.decode()


def test_when_the_database_fails_the_text_stays(rejected, contest, monkeypatch, caplog):
    def fail(**_):
        raise OperationalError("disk full while writing A wombat")

    monkeypatch.setattr(module, "submit_appeal", fail)
    answer = contest(rejected, "A wombat is an animal.")

    assert answer.status_code == 503
    assert "could not be saved just now" in answer.content.decode()
    assert "A wombat is an animal.</textarea>" in answer.content.decode()
    assert "an appeal could not be saved (OperationalError)" in caplog.text
    assert "A wombat" not in caplog.text


def test_overturned(page, appeal, settle, rejected):
    settle(appeal)
    shown = page(rejected)

    assert '<span class="badge published">Published</span>' in shown
    assert "You were right to ask." in shown
    assert "It is about an animal." in shown
    assert "<strong>Published after your appeal</strong> by a person" in shown
    assert "Night Desk" not in shown


def test_upheld(page, appeal, settle, rejected):
    settle(appeal, "upheld", reason="The word is on the list.")
    shown = page(rejected)

    assert "The decision stands." in shown
    assert "The word is on the list." in shown
    assert "<textarea" not in shown


def test_who_decided_first_decided_again(page, appeal, settle, moderator, rejected):
    settle(appeal, "upheld", by=moderator)

    assert "decided again, because there was no other" in page(rejected)


def test_what_was_written_is_text(page, rejected, reader, settle, as_reader):
    appeal = submit_appeal(comment=rejected, author=reader, text_source="<script>alert(1)</script>")
    settle(appeal, "upheld", reason="<script>alert(2)</script>")
    Decision.objects.filter(comment=rejected).update(note_to_author="<script>alert(3)</script>")
    Comment.objects.filter(pk=rejected.pk).update(text_source="<script>alert(4)</script>")

    for path in (f"/me/comments/{rejected.pk}/", "/me/"):
        assert "<script>alert" not in as_reader.get(path).content.decode()


# --- in the list


def test_the_list_says_what_can_be_done(as_reader, rejected):
    shown = as_reader.get("/me/").content.decode()

    assert "You can contest this, free of charge, until" in shown
    assert ", or rewrite it once" in shown
    assert "Leave the animal out." in shown
    assert f'href="/me/comments/{rejected.pk}/"' in shown


def test_the_list_shows_a_removal_with_its_rule(as_reader, removed):
    shown = as_reader.get("/me/").content.decode()

    assert "For readers: Links." in shown
    assert "Removed by a person" in shown


@pytest.mark.parametrize(
    ("state", "words"),
    [("open", "You contested this"), ("upheld", "the decision stands"), ("overturned", "after your")],
)
def test_the_list_shows_an_appeal(as_reader, appeal, settle, state, words):
    if state != "open":
        settle(appeal, state)

    assert words in as_reader.get("/me/").content.decode()


def test_a_comment_hidden_because_of_reports_says_so_and_accuses_nobody(page, published, report, reporter):
    for _ in range(3):
        report(by=reporter(right=5))
    shown = page(published)

    assert "Why a moderator looks at it" in shown
    assert "Several readers whose earlier reports were right have reported it." in shown
    assert "A reader had reported it." in shown
    assert "Held by machine" in shown
    assert "Held for a moderator" in shown
    assert "could not be checked" not in shown
    assert "Reporter" not in shown, "nobody learns who reported"
