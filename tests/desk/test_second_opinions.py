"""The page Audit asks for second opinions, too: blind, and without saying that a colleague decided."""

import re

import pytest

from belowline.comments.models import Comment
from belowline.desk.audit import address_of, claim_question
from belowline.moderation.models import Audit
from belowline.moderation.second_opinions import SecondOpinion

HELD = "What a wombat of a harbour bridge this is."


@pytest.fixture
def opinion(settings, held, decide, other_moderator):
    """The moderator has published the held comment; another one is asked."""
    settings.SECOND_OPINION_PERCENT = 100
    return SecondOpinion.objects.get(decision=decide(held))


@pytest.fixture
def give(as_other_moderator):
    def call(opinion, outcome="publish", rule="", client=as_other_moderator):
        answer = client.post(f"/desk/audit/opinions/{opinion.pk}/", {"outcome": outcome, "rule": rule}, follow=True)
        return answer.content.decode()

    return call


def page(client):
    return client.get("/desk/audit/").content.decode()


def test_only_moderators_answer(stranger, as_reader, opinion):
    address = f"/desk/audit/opinions/{opinion.pk}/"

    assert stranger.post(address)["Location"].startswith("/accounts/login/")
    assert as_reader.post(address, {"outcome": "publish"}).status_code == 403
    opinion.refresh_from_db()
    assert opinion.given_at is None


def test_answers_are_posted(as_other_moderator, opinion):
    assert as_other_moderator.get(f"/desk/audit/opinions/{opinion.pk}/").status_code == 405
    assert as_other_moderator.post("/desk/audit/opinions/99999/").status_code == 404


def test_a_colleague_is_asked_blind(as_other_moderator, opinion, moderator, reader):
    shown = page(as_other_moderator)
    main = shown[shown.index("<main") :]

    assert HELD in main
    assert 'Audit <span class="count">1</span>' in main
    for hint in (reader.display_name, moderator.display_name, "<mark", "badge", "<meter", "Published", "Rejected"):
        assert hint not in main, hint


def test_whoever_decided_is_not_asked(as_moderator, opinion):
    assert "Nothing here is yours to answer" in page(as_moderator)


def test_an_answer_changes_nothing_for_the_reader(as_other_moderator, opinion, give):
    assert "Your answer is stored." in give(opinion, "reject", "links")

    opinion.refresh_from_db()
    assert (opinion.outcome, opinion.rule) == ("reject", "links")
    assert Comment.objects.get().status == "published"
    assert "Nothing waits to be audited." in page(as_other_moderator)


@pytest.mark.parametrize(
    ("outcome", "rule", "said"), [("", "", "Choose to publish"), ("reject", "", "Choose the rule")]
)
def test_what_is_missing_is_said(opinion, give, outcome, rule, said):
    assert said in give(opinion, outcome, rule)
    opinion.refresh_from_db()
    assert opinion.given_at is None


def test_a_conflict_is_said(opinion, give, sign_in, admin):
    give(opinion, "publish", client=sign_in(admin))

    assert "answered already" in give(opinion, "reject", "links")
    opinion.refresh_from_db()
    assert opinion.outcome == "publish"


def test_what_was_drawn_first_is_asked_first(opinion, certified, post, other_moderator):
    audit = Audit.objects.get(decision=post("A quiet remark about the tolls.").decision)

    assert claim_question(other_moderator) == opinion
    opinion.delete()
    assert claim_question(other_moderator) == audit


def test_an_older_audit_comes_before(certified, post, settings, decide, other_moderator):
    settings.SECOND_OPINION_PERCENT = 100
    audit = Audit.objects.get(decision=post("A quiet remark about the tolls.").decision)
    comment = post("THIS WHOLE BRIDGE IS A SCANDAL AND EVERYBODY KNOWS IT NOW").comment
    opinion = SecondOpinion.objects.get(decision=decide(comment))

    assert claim_question(other_moderator) == audit
    assert address_of(audit) == f"/desk/audit/{audit.pk}/answer/"
    assert address_of(opinion) == f"/desk/audit/opinions/{opinion.pk}/"


def test_both_kinds_look_the_same(as_other_moderator, certified, settings, post, decide):
    """But for their text, and where their answer goes."""
    settings.SECOND_OPINION_PERCENT = 100
    pages = []
    loud = "THIS WHOLE BRIDGE IS A SCANDAL AND EVERYBODY KNOWS IT NOW"
    for text, by_person in (("A quiet remark.", False), (loud, True)):
        comment = post(text).comment
        if by_person:
            decide(comment)
        shown = page(as_other_moderator)
        shown = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", shown[shown.index("<main") :])
        pages.append(re.sub(r'action="/desk/audit/[^"]+"', "", shown).replace(text, "TEXT"))
        Audit.objects.all().delete()
        SecondOpinion.objects.all().delete()

    assert pages[0] == pages[1]
