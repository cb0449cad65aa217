"""Editors pick, fold and remove from within the discussion, with plain forms."""

import pytest

from belowline.comments.models import Comment, Pick
from belowline.events.models import Event
from belowline.moderation.models import Decision

ACTS = ["pick", "unpick", "fold", "unfold", "remove"]


@pytest.fixture
def act(published):
    """Send a form of the editors' part."""

    def call(client, name, query="", **fields):
        return client.post(f"/comments/{published.pk}/{name}/{query}", fields)

    return call


@pytest.fixture
def more(published):
    """What the page of the comment offers."""

    def call(client):
        return client.get(f"/comments/{published.pk}/more/").content.decode()

    return call


@pytest.mark.parametrize(("who", "status"), [("stranger", 302), ("as_reader", 403), ("as_other_reader", 403)])
@pytest.mark.parametrize("name", ACTS)
def test_only_moderators(request, act, published, who, status, name):  # noqa: PLR0917
    answer = act(request.getfixturevalue(who), name, rule="links")

    assert answer.status_code == status
    assert status != 302 or answer["Location"].startswith("/accounts/login/")
    published.refresh_from_db()
    assert (published.status, published.is_digression) == ("published", False)
    assert not Pick.objects.exists()


@pytest.mark.parametrize("name", ACTS)
def test_a_link_changes_nothing(as_moderator, published, name):
    assert as_moderator.get(f"/comments/{published.pk}/{name}/").status_code == 405


@pytest.mark.parametrize(
    ("who", "sees"), [("stranger", False), ("as_reader", False), ("as_moderator", True), ("as_admin", True)]
)
def test_the_page_of_the_comment_offers_it_to_moderators(request, more, published, who, sees):
    page = more(request.getfixturevalue(who))

    assert ("For editors" in page) is sees
    assert (f'action="/comments/{published.pk}/pick/"' in page) is sees
    assert (f'action="/comments/{published.pk}/fold/"' in page) is sees
    assert ('<option value="links">Links</option>' in page) is sees
    assert (f'href="/discussion/{published.story_id}/controls/"' in page) is sees


def test_a_pick_with_a_sentence_and_back(act, more, as_moderator, published, story):
    answer = act(as_moderator, "pick", sentence="She was “there”.")
    assert answer["Location"] == f"/discussion/{story.pk}/#c-{published.pk}"
    assert Pick.objects.get().sentence == "She was “there”."
    page = more(as_moderator)
    assert 'value="She was “there”."' in page
    assert f'formaction="/comments/{published.pk}/unpick/"' in page

    act(as_moderator, "pick", sentence="Other words.")
    assert Pick.objects.get().sentence == "Other words."
    act(as_moderator, "unpick")
    assert not Pick.objects.exists()
    assert "unpick" not in more(as_moderator)


def test_a_sentence_that_is_too_long_comes_back(act, as_moderator):
    sentence = "word " * 61
    answer = act(as_moderator, "pick", sentence=sentence)
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "304 characters; at most 300 fit" in page
    assert sentence in page
    assert not Pick.objects.exists()


def test_nobody_is_offered_to_pick_their_own(post, moderator, as_moderator):
    own = post(author=moderator).comment
    page = as_moderator.get(f"/comments/{own.pk}/more/").content.decode()
    assert "/pick/" not in page
    assert "/fold/" in page

    answer = as_moderator.post(f"/comments/{own.pk}/pick/", {})
    assert answer.status_code == 422
    assert "a colleague may pick it" in answer.content.decode()


def test_fold_and_unfold(act, more, as_moderator, published):
    act(as_moderator, "fold")
    published.refresh_from_db()
    assert published.is_digression
    assert f'action="/comments/{published.pk}/unfold/"' in more(as_moderator)

    act(as_moderator, "unfold")
    published.refresh_from_db()
    assert not published.is_digression


def test_removed_by_a_rule_with_a_note(act, as_moderator, moderator, published, reader):
    answer = act(as_moderator, "remove", rule="links", note_to_author="Two links too many.")

    assert answer.status_code == 302
    published.refresh_from_db()
    assert published.status == "removed"
    decision = Decision.objects.order_by("-id").first()
    assert (decision.maker, decision.moderator, decision.note_to_author) == ("person", moderator, "Two links too many.")
    assert decision.reasons[0]["rule"] == "links"
    assert Event.objects.filter(tag="comment:removed", actor_id=moderator.pk).exists()


@pytest.mark.parametrize(("rule", "said"), [("", "Choose the rule"), ("nonsense", "There is no rule “nonsense”")])
def test_no_rule_no_removal_and_the_note_is_kept(act, as_moderator, published, rule, said):
    answer = act(as_moderator, "remove", rule=rule, note_to_author="Kept in the form.")
    page = answer.content.decode()

    assert answer.status_code == 422
    assert said in page
    assert "Kept in the form." in page
    published.refresh_from_db()
    assert published.status == "published"


@pytest.mark.parametrize("name", ["pick", "fold", "unfold", "remove"])
def test_what_is_gone_meanwhile_is_said(act, as_moderator, published, story, name):
    Comment.objects.filter(pk=published.pk).update(status="removed")
    answer = act(as_moderator, name, rule="links")

    assert answer.status_code == 302
    assert (
        "not published any more. Nothing was changed." in as_moderator.get(f"/discussion/{story.pk}/").content.decode()
    )


@pytest.mark.parametrize("number", ["0", "9" * 40])
@pytest.mark.parametrize("name", ACTS)
def test_there_is_no_such_comment(as_moderator, site, name, number):
    assert as_moderator.post(f"/comments/{number}/{name}/").status_code == 404


def test_in_a_frame_the_way_back_stays_in_it(act, as_moderator, published, story):
    assert act(as_moderator, "pick", "?embed=1")["Location"] == f"/discussion/{story.pk}/?embed=1#c-{published.pk}"


@pytest.mark.parametrize("name", ACTS)
def test_a_forged_form_is_refused(act, sign_in, moderator, name):
    assert act(sign_in(moderator, enforce_csrf_checks=True), name, rule="links").status_code == 403
