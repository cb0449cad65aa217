"""What waits under a story is decided within the discussion, by moderators alone, with plain forms."""

import pytest

from belowline.moderation.models import Decision
from belowline.stream.views import waiting


@pytest.fixture
def decide_here(held):
    def call(client, outcome="publish", comment=held, query="", **fields):
        return client.post(f"/comments/{comment.pk}/decide/{query}", {"outcome": outcome} | fields)

    return call


@pytest.fixture
def page(story):
    def call(client, **options):
        answer = client.get(f"/discussion/{story.pk}/waiting/", **options)
        assert answer.status_code == 200
        return answer.content.decode()

    return call


def state(comment):
    comment.refresh_from_db()
    return comment.status


@pytest.mark.parametrize(("who", "status"), [("stranger", 302), ("as_reader", 403), ("as_other_reader", 403)])
def test_only_moderators(request, decide_here, decide, held, story, who, status):  # noqa: PLR0917
    client = request.getfixturevalue(who)

    assert client.get(f"/discussion/{story.pk}/waiting/").status_code == status
    assert decide_here(client).status_code == status
    assert state(held) == "held"
    decision = decide(held)
    assert client.post(f"/decisions/{decision.pk}/take-back/").status_code == status
    assert state(held) == "published"


def test_a_link_changes_nothing(as_moderator, held, decide):
    assert as_moderator.get(f"/comments/{held.pk}/decide/").status_code == 405
    assert as_moderator.get(f"/decisions/{decide(held).pk}/take-back/").status_code == 405


@pytest.mark.parametrize(
    ("who", "sees"), [("stranger", False), ("as_reader", False), ("as_moderator", True), ("as_admin", True)]
)
def test_the_discussion_says_how_many_wait_to_moderators(request, story, held, who, sees):
    shown = request.getfixturevalue(who).get(f"/discussion/{story.pk}/").content.decode()

    assert ("1 comment waits for a moderator here" in shown) is sees
    assert (f'href="/discussion/{story.pk}/waiting/"' in shown) is sees


def test_where_nothing_waits_it_says_nothing(as_moderator, story, published, page):
    assert "for a moderator here</summary>" not in as_moderator.get(f"/discussion/{story.pk}/").content.decode()
    assert "Nothing waits here." in page(as_moderator)


def test_all_that_helps_to_decide(page, as_moderator, published, post):
    post("What a <b>wombat</b> of a harbour bridge this is.", parent=published)
    shown = page(as_moderator)

    assert '<mark title="Words that we do not publish">wombat</mark>' in shown
    assert "&lt;b&gt;" in shown
    assert "A quiet remark about the harbour bridge and its tolls." in shown  # what it answers
    assert '<span class="badge held">Words that we do not publish</span>' in shown
    assert '<option value="banned_word" selected>' in shown


def test_other_stories_and_other_desks_have_their_own(page, as_moderator, topic_site, held, post, other_story):  # noqa: PLR0917
    post("Another wombat of a goose.", story=other_story)
    post("Your paywall hides the page about the harbour bridge from me.")
    shown = page(as_moderator)

    assert shown.count('value="publish"') == 1
    assert "harbour bridge this is" in shown


def test_htmx_gets_the_list_alone(page, as_moderator, held):
    assert "<html" in page(as_moderator)
    assert "<html" not in page(as_moderator, headers={"HX-Request": "true"})


def test_published_and_back(decide_here, page, as_moderator, moderator, held, story):  # noqa: PLR0917
    answer = decide_here(as_moderator, last_seen=held.decisions.get().pk)

    assert answer["Location"] == f"/comments/{held.pk}/"
    assert state(held) == "published"
    decision = held.decisions.order_by("-id").first()
    assert (decision.maker, decision.moderator) == ("person", moderator)
    shown = page(as_moderator)
    assert "Published: the comment by Marjorie Tench." in shown
    assert f'action="/decisions/{decision.pk}/take-back/"' in shown

    answer = as_moderator.post(f"/decisions/{decision.pk}/take-back/")
    assert answer["Location"] == f"/discussion/{story.pk}/"
    assert state(held) == "held"
    assert "Taken back." in page(as_moderator)


def test_rejected_by_a_rule_with_a_note(decide_here, as_moderator, held, story):
    answer = decide_here(as_moderator, "reject", rule="banned_word", note_to_author="Leave the animal out.")

    assert answer["Location"] == f"/discussion/{story.pk}/waiting/"
    assert state(held) == "rejected"
    decision = held.decisions.order_by("-id").first()
    assert (decision.reasons[0]["rule"], decision.note_to_author) == ("banned_word", "Leave the animal out.")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"rule": ""}, "Choose the rule"),
        ({"rule": "nonsense"}, "There is no rule “nonsense”"),
        ({"rule": "links", "note_to_author": "n" * 2_001}, "2,001 characters"),
        ({"rule": "", "outcome": "perhaps"}, "Choose the rule"),
    ],
    ids=["no rule", "no such rule", "long note", "no outcome"],
)
def test_what_is_missing_comes_back_with_what_was_typed(decide_here, as_moderator, held, fields, said):
    fields = {"outcome": "reject", "note_to_author": "Kept in the form."} | fields
    answer = decide_here(as_moderator, **fields)

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert said in shown
    assert fields["note_to_author"] in shown
    assert "<details open>" in shown
    assert state(held) == "held"


def test_somebody_was_faster(decide_here, decide, as_moderator, held, page, other_moderator):  # noqa: PLR0917
    decide(held, by=other_moderator)
    answer = decide_here(as_moderator, "reject", rule="banned_word")

    assert answer.status_code == 302
    assert state(held) == "published"
    assert "Somebody has decided about this comment meanwhile." in page(as_moderator)


def test_only_ones_own_decisions_are_taken_back_here(decide, held, as_other_moderator):
    decision = decide(held)

    assert as_other_moderator.post(f"/decisions/{decision.pk}/take-back/").status_code == 404
    assert state(held) == "published"


def test_what_can_no_longer_be_taken_back_is_said(decide, held, as_moderator, page):
    decision = decide(held)
    for _ in range(2):
        as_moderator.post(f"/decisions/{decision.pk}/take-back/")

    assert "can no longer be undone" in page(as_moderator)
    assert Decision.objects.filter(undoes=decision).count() == 1


def test_a_few_at_a_time(page, as_moderator, post, monkeypatch):
    monkeypatch.setattr(waiting, "LENGTH", 2)
    for number in range(3):
        post(f"Wombat number {number} of the bridge.")

    shown = page(as_moderator)
    assert shown.count('value="publish"') == 2
    assert "3 comments wait here in all." in shown


def test_nobody_decides_about_their_own(decide_here, post, moderator, other_moderator, as_moderator):
    own = post("My own wombat of a bridge.", author=moderator).comment
    answer = decide_here(as_moderator, comment=own)

    assert answer.status_code == 422
    assert "another moderator decides" in answer.content.decode()


def test_in_a_frame_the_way_back_stays_in_it(decide_here, as_moderator, held):
    assert decide_here(as_moderator, query="?embed=1")["Location"] == f"/comments/{held.pk}/?embed=1"


@pytest.mark.parametrize("number", ["0", "9" * 40])
def test_there_is_no_such_thing(as_moderator, site, number):
    assert as_moderator.get(f"/discussion/{number}/waiting/").status_code == 404
    assert as_moderator.post(f"/comments/{number}/decide/").status_code == 404
    assert as_moderator.post(f"/decisions/{number}/take-back/").status_code == 404


def test_a_forged_form_is_refused(sign_in, moderator, decide_here, held):
    assert decide_here(sign_in(moderator, enforce_csrf_checks=True)).status_code == 403
    assert state(held) == "held"


def test_a_published_one_can_be_handed_on_from_its_menu(as_moderator, as_reader, published):
    menu = as_moderator.get(f"/comments/{published.pk}/more/").content.decode()

    assert f'href="/desk/comments/{published.pk}/hand-on/?back=/discussion/' in menu
    assert "hand-on" not in as_reader.get(f"/comments/{published.pk}/more/").content.decode()


@pytest.mark.parametrize("who", ["auditor", "there"])
def test_only_where_one_decides(request, sign_in, local, other_site, held, story, decide_here, who):  # noqa: PLR0917
    client = sign_in(local(other_site) if who == "there" else request.getfixturevalue(who))

    assert client.get(f"/discussion/{story.pk}/waiting/").status_code == 403
    assert decide_here(client).status_code == 403
    assert "for a moderator here" not in client.get(f"/discussion/{story.pk}/").content.decode()
    assert state(held) == "held"
