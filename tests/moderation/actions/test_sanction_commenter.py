"""A measure against a commenter names a rule, says why, has an end, and is never for the topic alone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from belowline.events.models import Event
from belowline.moderation.actions.activate_policy import activate_policy
from belowline.moderation.errors import SanctionError
from belowline.moderation.sanction_models import Sanction

TOPIC = """
[rules.off_topic]
title = "Off topic"
score = "off_topic"
hold = 0.5
for_readers = "Stay with the article."
for_moderators = "Neither about the article nor an answer."
explanation = "This seems to be about something else."
"""


def refused(sanction, code, **asked):
    with pytest.raises(SanctionError) as error:
        sanction(**asked)
    assert error.value.code == code
    assert not Sanction.objects.exists()
    return error.value.message


@pytest.mark.parametrize(
    ("kind", "hours"),
    [("warn", None), ("premoderate", 24 * 7), ("suspend", 1), ("suspend", 24 * 90), ("ban", None), ("ban", 24 * 365)],
)
def test_what_is_written_down(sanction, reader, site, kind, hours):
    row = sanction(kind, hours=hours, words="  Please stop.  ")

    assert (row.user, row.kind, row.site, row.rule, row.words) == (reader, kind, site, "banned_word", "Please stop.")
    assert (row.title, row.explanation) == (
        "Words that we do not publish",
        "For readers: Words that we do not publish.",
    )
    assert row.policy.startswith("Small@") or row.policy.startswith("small@")
    if hours:
        assert abs(row.ends_at - timezone.now() - timedelta(hours=hours)) < timedelta(minutes=1)
    else:
        assert row.ends_at is None
    assert row.is_acting


def test_one_event_without_words(sanction, moderator, reader, site):
    row = sanction("suspend", words="A secret word: aardvark.")

    [event] = Event.objects.filter(tag="sanction:given")
    assert (event.subject_id, event.site_id, event.actor_id) == (row.pk, site.pk, moderator.pk)
    assert event.data == {"kind": "suspend", "rule": "banned_word", "hours": 24, "user": reader.pk}


def test_on_all_sites(sanction, published):
    row = sanction("suspend", site=None, comment=published)

    assert row.site is None
    assert Event.objects.get(tag="sanction:given").site_id is None


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"kind": "shadow"}, "unknown_kind"),
        ({"kind": ""}, "unknown_kind"),
        ({"rule": ""}, "rule_required"),
        ({"rule": "manners"}, "unknown_rule"),
        ({"words": " \n "}, "words_required"),
        ({"words": "x" * 2_001}, "note_too_long"),
        ({"kind": "suspend", "hours": None}, "end_required"),
        ({"kind": "suspend", "hours": 0}, "end_required"),
        ({"kind": "suspend", "hours": 24 * 90 + 1}, "end_required"),
        ({"kind": "premoderate", "hours": None}, "end_required"),
        ({"kind": "premoderate", "hours": 24 * 366}, "end_required"),
        ({"kind": "ban", "hours": 24 * 3_651}, "end_required"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_missing_or_wrong(sanction, asked, code):
    refused(sanction, code, **asked)


@pytest.mark.parametrize("score", ["off_topic", "correction", "about_moderation", "insubstantial"])
def test_never_for_a_rule_about_the_topic(sanction, site, policy_text, score):
    text = policy_text() + TOPIC.replace('score = "off_topic"', f'score = "{score}"')
    activate_policy(site=site, text=text)

    assert "leads to no measure" in refused(sanction, "topic_alone", rule="off_topic")


def test_nor_for_a_comment_that_was_refused_for_its_topic_alone(sanction, rejected):
    newest = rejected.decisions.latest("pk")
    newest.reasons = [reason | {"signal": "off_topic", "rule": "off_topic"} for reason in newest.reasons]
    newest.save()

    assert "for its topic alone" in refused(sanction, "topic_alone", comment=rejected)


def test_for_a_comment_that_broke_another_rule_too(sanction, rejected):
    newest = rejected.decisions.latest("pk")
    newest.reasons = [*newest.reasons, newest.reasons[0] | {"signal": "off_topic", "rule": "off_topic"}]
    newest.save()

    assert sanction(comment=rejected).comment == rejected


def test_not_for_somebody_elses_comment(sanction, post, other_reader):
    refused(sanction, "cannot_sanction", comment=post(author=other_reader).comment)


@pytest.mark.parametrize("who", ["reader", "other_reader"])
def test_readers_take_no_measures(sanction, request, who):
    with pytest.raises(PermissionDenied):
        sanction(by=request.getfixturevalue(who))
    assert not Sanction.objects.exists()


def test_nobody_sanctions_themselves_or_a_colleague(sanction, moderator, other_moderator, admin):
    for user in (moderator, other_moderator, admin):
        refused(sanction, "cannot_sanction", user=user)


def test_a_closed_account_is_left_alone(sanction, reader):
    reader.is_active = False
    reader.save()

    assert "closed" in refused(sanction, "cannot_sanction")


def test_the_same_twice_is_a_conflict_that_is_shown(sanction, moderator):
    sanction("suspend")
    with pytest.raises(SanctionError) as error:
        sanction("suspend", hours=48)
    assert error.value.code == "already_sanctioned"
    assert "Suspension by Gazette Desk" in error.value.message
    assert Sanction.objects.count() == 1
    sanction("warn")
    sanction("premoderate")
    assert Sanction.objects.count() == 3


def test_on_all_sites_comes_on_top_of_one_site_and_not_the_other_way_round(sanction, site):
    sanction("suspend", site=site)
    sanction("suspend", site=None)
    with pytest.raises(SanctionError):
        sanction("suspend", site=site)


def test_again_when_the_first_is_over(sanction):
    row = sanction("suspend")
    Sanction.objects.filter(pk=row.pk).update(ends_at=timezone.now() - timedelta(seconds=1))

    assert sanction("suspend").pk != row.pk


@pytest.mark.django_db(transaction=True)
def test_two_moderators_at_once_give_one(sanction, moderator, other_moderator):
    def one(by):
        try:
            return sanction("suspend", by=by).pk
        except SanctionError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(one, (moderator, other_moderator)))

    assert Sanction.objects.count() == 1
    assert "already_sanctioned" in found
