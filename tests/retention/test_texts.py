"""Texts go when their time is over, and not before; what counts stays."""

from datetime import timedelta

import pytest
from django.utils import timezone

from belowline.comments.actions.delete_comment import delete_comment
from belowline.comments.models import Comment, Revision
from belowline.moderation.actions.escalate_comment import escalate_comment
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.actions.submit_appeal import submit_appeal
from belowline.moderation.actions.write_handover import write_handover
from belowline.moderation.history import count_decided, site_history
from belowline.moderation.models import Appeal, Decision, Notice, Nudge, Report
from belowline.moderation.rehearsals import compared_policy, rehearse_on_site
from belowline.moderation.sanction_models import Sanction
from belowline.moderation.team_models import TeamNote
from belowline.retention import texts

NOW = timezone.now


def days_ago(days):
    return NOW() - timedelta(days=days)


@pytest.fixture
def old_rejected(rejected, age):
    """Rejected 300 days ago."""
    age(Decision.objects.all(), 300)
    return rejected


def test_a_refused_text_is_erased_with_what_quotes_it(old_rejected, reader):
    assert texts.erase_refused(days_ago(214), 10) == 1

    old_rejected.refresh_from_db()
    assert (old_rejected.status, old_rejected.text_source, old_rejected.body_html) == ("rejected", "", "")
    assert set(Revision.objects.values_list("text_source", flat=True)) == {""}
    for decision in Decision.objects.all():
        assert decision.note_to_author == ""
        assert {reason["explanation"] for reason in decision.reasons} == {""}
        assert decision.reasons[0]["rule"] == "banned_word"
    assert texts.erase_refused(days_ago(214), 10) == 0


def test_nothing_younger_and_nothing_published_or_waiting(old_rejected, age, published, held):
    assert texts.erase_refused(days_ago(301), 10) == 0
    age(Decision.objects.all(), 3_000)
    texts.erase_refused(days_ago(214), 10)

    assert set(Comment.objects.exclude(text_source="").values_list("pk", flat=True)) == {published.pk} | (
        {held.pk} - {old_rejected.pk}
    )


def test_not_while_it_can_be_contested_or_was(old_rejected, reader, age, policy_text):
    from belowline.moderation.actions.activate_policy import activate_policy

    patient = policy_text().replace("[settings]", "[settings]\nappeal_days = 365")
    activate_policy(site=old_rejected.story.site, text=patient)
    assert texts.erase_refused(days_ago(214), 10) == 0

    appeal = submit_appeal(comment=old_rejected, author=reader, text_source="An animal.")
    age(Decision.objects.all(), 500)
    assert texts.erase_refused(days_ago(214), 10) == 0
    Appeal.objects.filter(pk=appeal.pk).update(state="upheld")
    assert texts.erase_refused(days_ago(214), 10) == 1
    assert Appeal.objects.get().text_source == ""


def test_pages_about_it_still_open(old_rejected, as_reader, as_moderator):
    texts.erase_refused(days_ago(214), 10)

    for client, path in [
        (as_reader, f"/me/comments/{old_rejected.pk}/"),
        (as_reader, "/me/"),
        (as_reader, "/me/export/"),
        (as_moderator, f"/desk/comments/{old_rejected.pk}/"),
        (as_moderator, "/desk/history/"),
        (as_moderator, f"/desk/commenters/{old_rejected.author_id}/"),
        (as_moderator, "/desk/search/?q=wombat"),
    ]:
        answer = client.get(path)
        assert answer.status_code == 200, path


def test_what_learns_and_rehearses_reads_it_no_more(old_rejected, site):
    assert [one.comment_id for one in site_history(site)] == [old_rejected.pk]
    assert count_decided(site) == 1
    texts.erase_refused(days_ago(214), 10)

    assert list(site_history(site)) == []
    assert count_decided(site) == 0
    rehearsed = rehearse_on_site(site, compared_policy(site))
    assert rehearsed is None or not rehearsed.changes


def test_a_deleted_text_is_erased_after_its_days(published, reader, age):
    delete_comment(comment=published, by=reader)
    assert texts.erase_deleted(days_ago(30), 10) == 0
    age(Comment.objects.filter(pk=published.pk), 31, "changed_at")

    assert texts.erase_deleted(days_ago(30), 10) == 1
    published.refresh_from_db()
    assert (published.status, published.text_source) == ("deleted", "")


def test_a_few_at_a_time(written, reader, age):
    for _ in range(3):
        delete_comment(comment=written(), by=reader)
    age(Comment.objects.all(), 31, "changed_at")

    assert [texts.erase_deleted(days_ago(30), 2) for _ in range(3)] == [2, 1, 0]


def test_what_decisions_quote(held, decide, moderator, age):
    decide(held, "publish", note_to_author="Thank you, Marjorie.")
    age(Decision.objects.all(), 800)
    held.refresh_from_db()
    newer = remove_comment(comment=held, moderator=moderator, rule="links", note_to_author="But not that.")
    before = [(row.pk, row.outcome, row.maker, row.moderator_id) for row in Decision.objects.order_by("pk")]

    assert texts.erase_decisions(days_ago(730), 10) == 2
    assert texts.erase_decisions(days_ago(730), 10) == 0
    assert [(row.pk, row.outcome, row.maker, row.moderator_id) for row in Decision.objects.order_by("pk")] == before
    assert set(Decision.objects.exclude(pk=newer.pk).values_list("note_to_author", flat=True)) == {""}
    assert Decision.objects.get(pk=newer.pk).note_to_author == "But not that."


def test_settled_cases(published, rejected, reader, other_reader, moderator, sanction, give_notice, age):  # noqa: PLR0917
    appeal = submit_appeal(comment=rejected, author=reader, text_source="An animal.")
    Appeal.objects.filter(pk=appeal.pk).update(state="upheld", reason="So it is.", decided_at=days_ago(800))
    done = {"reporter": other_reader, "category": "spam", "text_source": "Buy!", "state": "declined"}
    Report.objects.create(comment=published, decided_at=days_ago(800), **done)
    Report.objects.create(comment=rejected, decided_at=days_ago(700), **done)
    give_notice(published, name="Ada", email="ada@notifier.example")
    Notice.objects.update(state="declined", decided_at=days_ago(800), reason="It is not.")
    measure = sanction("suspend", words="Stop that.")
    Sanction.objects.filter(pk=measure.pk).update(ends_at=days_ago(800))

    assert texts.erase_cases(days_ago(730), 2) == 2
    assert texts.erase_cases(days_ago(730), 10) == 2
    assert texts.erase_cases(days_ago(730), 10) == 0
    appeal.refresh_from_db()
    assert (appeal.state, appeal.text_source, appeal.reason) == ("upheld", "", "")
    assert sorted(Report.objects.values_list("text_source", flat=True)) == ["", "Buy!"]
    notice = Notice.objects.get()
    assert (notice.name, notice.email, notice.explanation_source, notice.state) == ("", "", "", "declined")
    measure.refresh_from_db()
    assert (measure.kind, measure.rule, measure.words) == ("suspend", "banned_word", "")


def test_open_cases_and_bans_that_last_keep_their_words(  # noqa: PLR0917 - a cast
    published, other_reader, reader, sanction, held, moderator, age
):
    Report.objects.create(comment=published, reporter=other_reader, category="spam", text_source="Buy!")
    sanction("ban", words="For good.")
    escalate_comment(comment=held, by=moderator, note="Who is that?", colleague=None)
    for model in (Report, Sanction):
        age(model.objects.all(), 3_000)

    assert texts.erase_cases(days_ago(730), 10) == 0


def test_notes_of_the_team(reader, story, moderator, age):
    TeamNote.objects.create(about=reader, written_by=moderator, text_source="Marjorie knows the ferry.")
    Nudge.objects.create(story=story, author=reader, idempotency_key="k", text_key="t", policy="p")
    stands = write_handover(by=moderator, text_source="Keep an eye on the bridge.", site=story.site)
    gone = write_handover(by=moderator, text_source="Marjorie rang.", site=story.site)
    type(gone).objects.filter(pk=gone.pk).update(closed_at=days_ago(800))
    for model in (TeamNote, Nudge, type(gone)):
        age(model.objects.all(), 800)

    assert texts.delete_notes(days_ago(730), 10) == 3
    assert list(type(gone).objects.all()) == [stands]
    assert not TeamNote.objects.exists()
