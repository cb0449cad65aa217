"""Every page of the desk, for every role: which opens, and whose comments it shows."""

import pytest
from django.urls import reverse

from belowline.accounts.permissions import MATRIX, ROLES
from belowline.comments.models import Comment
from belowline.desk.nav import ENTRIES
from belowline.moderation.actions.decide_comment import decide_comment
from belowline.moderation.actions.report_comment import report_comment
from belowline.moderation.actions.submit_appeal import submit_appeal
from belowline.moderation.models import Decision
from belowline.moderation.queue_entries import QueueEntry
from belowline.moderation.queueing import requeue


@pytest.fixture
def busy(site, other_site, make_story, written, reader, other_reader, moderator, give_notice, activate):  # noqa: PLR0917
    """Something that waits on each page, on both sites; texts say which site it is."""
    activate(other_site)
    for where in (site, other_site):
        story = make_story(where, "match", section="sport", title=f"A match in {where.key}")
        held = written(f"Held on {where.key}", story=story, status="held")
        Decision.objects.create(comment=held, revision=held.revisions.get(), outcome="hold", maker="engine")
        requeue(held)
        rejected = written(f"Rejected on {where.key}", story=story, status="held")
        Decision.objects.create(comment=rejected, revision=rejected.revisions.get(), outcome="hold", maker="engine")
        decide_comment(comment=rejected, moderator=moderator, outcome=Decision.Outcome.REJECT, rule="links")
        rejected.refresh_from_db()
        submit_appeal(comment=rejected, author=reader, text_source="No.")
        published = written(f"Published on {where.key}", story=story)
        Decision.objects.create(
            comment=published, revision=published.revisions.get(), outcome="publish", maker="engine"
        )
        report_comment(comment=published, reporter=other_reader, category="abuse", text_source="")
        give_notice(comment=published, explanation=f"The last sentence threatens somebody on {where.key}")


PAGES = [entry for entry in ENTRIES if entry.waiting is not None and entry.url_name != "audit"]
SHOW_WHAT_WAITS = {"desk", "appeals", "desk-notices", "desk-reports"}


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry.url_name for entry in ENTRIES])
def test_who_opens_a_page(sign_in, account, stranger, reader, site, entry):  # noqa: PLR0917
    address = reverse(entry.url_name)
    found = {role: sign_in(account(role, role)).get(address).status_code for role in ROLES}

    assert found == {role: 200 if role in MATRIX[entry.action].roles else 403 for role in ROLES}
    assert sign_in(reader).get(address).status_code == 403
    assert stranger.get(address)["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("section", ["", "sport"], ids=["site", "section"])
@pytest.mark.parametrize("name", sorted(SHOW_WHAT_WAITS))
def test_a_local_role_sees_its_own_place(sign_in, local, site, busy, name, section):  # noqa: PLR0917
    page = sign_in(local(site, "moderator", section)).get(reverse(name)).content.decode()

    assert "on gazette" in page
    assert "on courier" not in page
    assert "in courier" not in page


@pytest.mark.parametrize("name", sorted(SHOW_WHAT_WAITS))
def test_a_role_in_another_section_sees_nothing(sign_in, local, site, busy, name):
    page = sign_in(local(site, "moderator", "news")).get(reverse(name)).content.decode()

    assert "on gazette" not in page
    assert "on courier" not in page


@pytest.mark.parametrize("name", sorted(SHOW_WHAT_WAITS))
def test_a_role_for_everything_sees_both(as_moderator, busy, name):
    page = as_moderator.get(reverse(name)).content.decode()

    assert "on gazette" in page
    assert "on courier" in page


def test_what_waits_is_counted_for_each(sign_in, local, site, busy, as_moderator):
    both = as_moderator.get("/desk/stories/").content.decode()
    own = sign_in(local(site)).get("/desk/stories/").content.decode()
    none = sign_in(local(site, section="news", name="News")).get("/desk/stories/").content.decode()

    assert both.count('<span class="count">2</span>') == own.count('<span class="count">1</span>') == 4
    assert '<span class="count">' not in none


def test_stories(sign_in, local, site, busy, make_story, other_site):  # noqa: PLR0917
    client = sign_in(local(site, section="sport"))
    elsewhere = make_story(other_site, "elsewhere", section="sport")
    page = client.get("/desk/stories/").content.decode()

    assert "A match in gazette" in page
    assert "A match in courier" not in page
    assert client.get(f"/desk/stories/{elsewhere.pk}/").status_code == 404


@pytest.mark.parametrize("name", ["desk-policy", "desk-faq", "guarantees", "desk-sections"])
def test_pages_about_a_site_show_ones_own(sign_in, local, site, other_site, story, name):  # noqa: PLR0917
    client = sign_in(local(other_site, "senior"))

    for query in ("", "?site=courier"):
        assert "The Courier" in client.get(reverse(name) + query).content.decode()
    answer = client.get(f"{reverse(name)}?site=gazette")
    assert answer.status_code == 404 or "The Gazette" not in answer.content.decode()


def test_a_held_comment_of_another_site_is_not_shown_by_its_number(sign_in, local, site, other_site, busy):
    client = sign_in(local(site))
    for comment in Comment.objects.filter(story__site=other_site):
        assert "on courier" not in client.get(f"/desk/?comment={comment.pk}").content.decode()


@pytest.mark.parametrize("outcome", ["publish", "reject"])
def test_nor_decided_about(sign_in, local, site, other_site, busy, outcome):  # noqa: PLR0917
    held = Comment.objects.get(story__site=other_site, status="held")
    answer = sign_in(local(site)).post(f"/desk/comments/{held.pk}/decide/", {"outcome": outcome, "rule": "links"})

    assert answer.status_code == 403
    assert Comment.objects.get(pk=held.pk).status == "held"


@pytest.mark.parametrize("name", sorted(SHOW_WHAT_WAITS))
def test_an_auditor_reads_and_is_offered_no_decision(as_auditor, busy, name):
    page = as_auditor.get(reverse(name)).content.decode()

    assert "on gazette" in page
    assert "Your role reads here; it does not decide." in page
    assert 'name="outcome"' not in page
    assert 'name="state"' not in page


def test_an_auditor_takes_no_comment_from_those_who_decide(as_auditor, as_moderator, busy):
    assert as_auditor.get("/desk/").status_code == 200

    assert not QueueEntry.objects.exclude(claimed_by=None).exists()
    assert "data-decide" in as_moderator.get("/desk/").content.decode()


@pytest.mark.parametrize("section", ["", "sport"], ids=["site", "section"])
def test_a_local_moderator_claims_at_their_own_place(sign_in, local, site, busy, section):
    user = local(site, section=section)
    sign_in(user).get("/desk/")

    assert QueueEntry.objects.get(claimed_by=user).site == site


@pytest.mark.parametrize("name", ["desk-bands", "desk-history"])
def test_bands_and_history_of_ones_own_place(sign_in, local, site, busy, name):
    own = sign_in(local(site, section="sport")).get(reverse(name) + "?unchecked=1").content.decode()
    none = sign_in(local(site, section="news", name="News")).get(reverse(name)).content.decode()

    assert "on gazette" in own
    assert "on courier" not in own
    assert "on gazette" not in none


def test_a_comment_by_its_number_at_ones_own_place(sign_in, local, site, busy):
    client = sign_in(local(site, section="sport"))
    found = {
        comment.story.site.key: client.get(f"/desk/comments/{comment.pk}/").status_code
        for comment in Comment.objects.filter(status="held").select_related("story__site")
    }

    assert found == {"gazette": 200, "courier": 404}


def test_another_moderators_decision_has_no_undo(sign_in, other_moderator, moderator, senior, busy):
    """What they would be refused is not offered."""
    decided = decide_comment(
        comment=Comment.objects.filter(status="held").first(), moderator=moderator, outcome=Decision.Outcome.PUBLISH
    )
    address = f"/desk/comments/{decided.comment_id}/"
    undo = reverse("undo", args=[decided.pk])
    assert undo in sign_in(senior).get(address).content.decode()
    assert undo not in sign_in(other_moderator).get(address).content.decode()


def test_the_navigation_leads_nowhere_that_is_shut(as_auditor, busy):
    page = as_auditor.get("/desk/").content.decode()

    for entry in ENTRIES:
        address = reverse(entry.url_name)
        if f'<a href="{address}"' in page:
            assert as_auditor.get(address).status_code == 200
    assert f'<a href="{reverse("desk-sections")}"' not in page


def test_a_local_moderator_works_in_the_discussion(sign_in, local, site, other_site, make_story, written):  # noqa: PLR0917
    here, there = make_story(site, "x", section="sport"), make_story(other_site, "y", section="sport")
    client = sign_in(local(site, section="sport"))

    for story, is_theirs in ((here, True), (there, False)):
        comment = written("Here.", story=story)
        assert ("For editors" in client.get(f"/comments/{comment.pk}/more/").content.decode()) is is_theirs
        assert client.get(f"/discussion/{story.pk}/controls/").status_code == (200 if is_theirs else 403)
        assert ("s controls</summary>" in client.get(f"/discussion/{story.pk}/").content.decode()) is is_theirs
        assert client.post(f"/comments/{comment.pk}/pick/").status_code == (302 if is_theirs else 403)
