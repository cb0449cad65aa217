"""Reported and Appeals: two moderators never get the same one; several orders; message templates in their forms."""

import pytest
from django.utils import timezone

from belowline.moderation.actions.submit_appeal import submit_appeal
from belowline.moderation.models import Appeal, Report
from belowline.moderation.queue_entries import QueueEntry
from belowline.moderation.team_models import MessageTemplate

REPORTS, APPEALS = "/desk/reports/", "/desk/appeals/"
BUSY = "is looking at this"


@pytest.fixture
def two_reported(post, report, other_reader, reader):
    """Two comments with a report each, the first first."""
    comments = [post(f"A quiet remark, number {number}.").comment for number in range(2)]
    for comment in comments:
        report(comment=comment, by=other_reader)
    return comments


@pytest.fixture
def two_contested(post, decide, reader, senior):
    """Two appeals against decisions of somebody who is not there, the first first."""
    appeals = []
    for number in range(2):
        comment = post(f"Wombat number {number} of the bridge.").comment
        decide(comment, "reject", rule="banned_word", by=senior)
        appeals.append(submit_appeal(comment=comment, author=reader))
    return appeals


def current(client, address):
    return client.get(address).context["current"]


def test_each_moderator_gets_another_reported_comment(as_moderator, as_other_moderator, two_reported, moderator):
    assert current(as_moderator, REPORTS) == two_reported[0]
    assert current(as_other_moderator, REPORTS) == two_reported[1]
    page = as_other_moderator.get(f"{REPORTS}?comment={two_reported[0].pk}").content.decode()

    assert f"<strong>{moderator.display_name}</strong> {BUSY}" in page
    assert f"with {moderator.display_name}</span>" in page
    assert BUSY not in as_moderator.get(REPORTS).content.decode()


def test_each_moderator_gets_another_appeal(as_moderator, as_other_moderator, two_contested, moderator):
    assert current(as_moderator, APPEALS) == two_contested[0]
    assert current(as_other_moderator, APPEALS) == two_contested[1]
    page = as_other_moderator.get(f"{APPEALS}?appeal={two_contested[0].pk}").content.decode()

    assert f"<strong>{moderator.display_name}</strong> {BUSY}" in page


def test_nobody_decides_about_what_a_colleague_looks_at(
    as_moderator, as_other_moderator, two_reported, two_contested, moderator
):
    as_moderator.get(REPORTS)
    answer = as_other_moderator.post(f"{REPORTS}{two_reported[0].pk}/decide/", {"outcome": "keep"})
    assert f"{moderator.display_name} is looking at this comment now" in answer.content.decode()
    assert Report.objects.filter(state="open").count() == 2
    as_moderator.get(APPEALS)
    sent = {"state": "uphold", "reason": "It stays."}
    answer = as_other_moderator.post(f"{APPEALS}{two_contested[0].pk}/decide/", sent)
    assert f"{moderator.display_name} is looking at this comment now" in answer.content.decode()
    assert Appeal.objects.filter(state="open").count() == 2

    QueueEntry.objects.update(claimed_until=timezone.now())
    assert as_other_moderator.post(f"{APPEALS}{two_contested[0].pk}/decide/", sent).status_code == 302


def test_where_colleagues_look_at_all_of_them_the_first_is_shown(as_moderator, as_other_moderator, report, published):
    report()
    as_moderator.get(REPORTS)

    assert current(as_other_moderator, REPORTS) == published
    assert BUSY in as_other_moderator.get(REPORTS).content.decode()


def test_who_only_reads_claims_nothing(as_auditor, two_reported, two_contested):
    for address in (REPORTS, APPEALS):
        assert BUSY not in as_auditor.get(address).content.decode()
    assert not QueueEntry.objects.exclude(claimed_by=None).exists()


@pytest.mark.parametrize(("order", "first"), [("risk", 1), ("newest", 1), ("oldest", 0), ("", 0), ("nonsense", 0)])
def test_orders(as_moderator, two_reported, two_contested, order, first):
    for comment, appeal, rank in zip(two_reported, two_contested, (1.0, 2.0), strict=True):
        ours = [comment.pk, appeal.decision.comment_id]
        QueueEntry.objects.filter(comment__in=ours).update(rank=rank)

    assert current(as_moderator, f"{REPORTS}?order={order}") == two_reported[first]
    assert current(as_moderator, f"{APPEALS}?order={order}") == two_contested[first]


def test_the_order_stays_and_says_why(as_moderator, two_reported):
    page = as_moderator.get(f"{REPORTS}?order=risk").content.decode()

    assert f'href="?order=risk&amp;comment={two_reported[1].pk}"' in page
    assert "Why here: " in page
    assert "doubles every 2 hours" in page
    sent = as_moderator.post(f"{REPORTS}{two_reported[0].pk}/decide/?order=risk", {"outcome": "keep"})
    assert sent["Location"] == f"{REPORTS}?order=risk"


@pytest.fixture
def template(admin, site):
    return MessageTemplate.objects.create(
        title="Calm", text_source="Dear {name}, calm down.", language="en", changed_by=admin, site=site
    )


def test_a_template_is_the_note_with_what_is_removed(as_moderator, report, published, template):
    report()
    assert "Dear Zoë, calm down." in as_moderator.get(REPORTS).content.decode().replace(
        published.author.display_name, "Zoë"
    )
    sent = {"outcome": "remove", "rule": "links", "template": str(template.pk)}
    assert as_moderator.post(f"{REPORTS}{published.pk}/decide/", sent).status_code == 302

    decision = published.decisions.latest("pk")
    assert decision.note_to_author == f"Dear {published.author.display_name}, calm down."


def test_a_template_is_no_note_with_what_is_kept(as_moderator, report, published, template):
    report()
    sent = {"outcome": "keep", "template": str(template.pk)}
    assert as_moderator.post(f"{REPORTS}{published.pk}/decide/", sent).status_code == 302

    assert not published.decisions.exclude(note_to_author="").exists()


def test_a_template_is_the_reason_of_an_appeal(as_other_moderator, appeal, template, reader):
    sent = {"state": "uphold", "reason": " ", "template": str(template.pk)}
    assert as_other_moderator.post(f"{APPEALS}{appeal.pk}/decide/", sent).status_code == 302
    appeal.refresh_from_db()

    assert appeal.reason == f"Dear {reader.display_name}, calm down."


def test_who_must_leave_an_appeal_to_others_takes_it_from_nobody(as_senior, as_moderator, two_contested):
    """The first decider looks at their own decisions, contested; a colleague decides all the same."""
    shown = as_senior.get(APPEALS)
    assert shown.context["current"] == two_contested[0]
    assert "another moderator decides" in shown.content.decode()
    assert not QueueEntry.objects.exclude(claimed_by=None).exists()

    assert current(as_moderator, APPEALS) == two_contested[0]
    sent = {"state": "uphold", "reason": "It stays."}
    assert as_moderator.post(f"{APPEALS}{two_contested[0].pk}/decide/", sent).status_code == 302


@pytest.mark.usefixtures("other_moderator")
def test_ones_own_reported_comment_is_left_to_others(as_moderator, moderator, post, report, two_reported):
    own = post("A quiet remark of the desk's own.", author=moderator).comment
    report(comment=own)
    as_moderator.get(f"{REPORTS}?comment={own.pk}")

    assert not QueueEntry.objects.filter(comment=own).exclude(claimed_by=None).exists()
