"""Anybody gives notice of a published comment: what article 16(2) asks for is needed, and sending twice is safe."""

import re

import pytest

from belowline.events.models import Event
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.actions.submit_notice import NoticeText, submit_notice
from belowline.moderation.errors import NoticeError
from belowline.moderation.models import Notice
from belowline.moderation.notices import CATEGORIES

GOOD = NoticeText(
    category="ILLEGAL_OR_HARMFUL_SPEECH",
    explanation="The second sentence says that my firm took bribes, which is false.",
    legal_ground="section 186",
    name="Ada Birch",
    email="ada@notifier.example",
    in_good_faith=True,
)


def test_it_is_received(published):
    notice = submit_notice(comment=published, text=GOOD)

    assert (notice.comment, notice.state, notice.category) == (published, "open", "ILLEGAL_OR_HARMFUL_SPEECH")
    assert (notice.name, notice.email, notice.legal_ground) == ("Ada Birch", "ada@notifier.example", "section 186")
    assert notice.explanation_source == GOOD.explanation
    assert notice.in_good_faith is True


def test_the_event_holds_no_word_of_it(published, site):
    notice = submit_notice(comment=published, text=GOOD)
    event = Event.objects.get(tag="notice:received")

    assert (event.subject_id, event.site_id, event.actor_id, event.data) == (notice.pk, site.pk, None, {})


def test_the_receipt_cannot_be_guessed(published, post):
    receipts = {
        submit_notice(comment=published, text=GOOD._replace(explanation=f"{GOOD.explanation} {n}")).receipt
        for n in range(20)
    }

    assert len(receipts) == 20
    assert all(re.fullmatch(r"[\w-]{22}", receipt) for receipt in receipts)


WRONG = {
    "no category": ({"category": ""}, {"category"}),
    "no such category": ({"category": "NONSENSE"}, {"category"}),
    "nothing said": ({"explanation": "   "}, {"explanation"}),
    "too little said": ({"explanation": "It is illegal."}, {"explanation"}),
    "too much said": ({"explanation": "x" * 5_001}, {"explanation"}),
    "no name": ({"name": " "}, {"name"}),
    "no address": ({"email": ""}, {"email"}),
    "a wrong address": ({"email": "ada@"}, {"email"}),
    "two lines as an address": ({"email": "ada@x.example\nBcc: all@x.example"}, {"email"}),
    "a long address": ({"email": "a" * 250 + "@x.example"}, {"email"}),
    "a long name": ({"name": "x" * 201}, {"name"}),
    "a long law": ({"legal_ground": "x" * 501}, {"legal_ground"}),
    "not in good faith": ({"in_good_faith": False}, {"in_good_faith"}),
    "a child, and a wrong address": ({"category": "CHILD_SEXUAL_ABUSE", "email": "ada@", "name": ""}, {"email"}),
    "nothing at all": (NoticeText()._asdict(), {"category", "explanation", "name", "email", "in_good_faith"}),
}


@pytest.mark.parametrize(("changes", "fields"), WRONG.values(), ids=WRONG)
def test_what_is_missing_is_named(published, changes, fields):
    with pytest.raises(NoticeError) as caught:
        submit_notice(comment=published, text=GOOD._replace(**changes))

    assert caught.value.code == "notice_incomplete"
    assert set(caught.value.problems) == fields
    assert all(sentence.endswith(".") for sentence in caught.value.problems.values())
    assert not Notice.objects.exists()


@pytest.mark.parametrize("category", [category.code for category in CATEGORIES])
def test_who_has_to_give_a_name(published, category):
    """All but those who speak of the sexual abuse of children (article 16(2)(c))."""
    nameless = GOOD._replace(category=category, name="", email="")
    if category == "CHILD_SEXUAL_ABUSE":
        assert submit_notice(comment=published, text=nameless).name == ""
    else:
        with pytest.raises(NoticeError) as caught:
            submit_notice(comment=published, text=nameless)
        assert set(caught.value.problems) == {"name", "email"}
    assert submit_notice(comment=published, text=GOOD._replace(category=category)).category == category


def test_the_law_may_be_left_out(published):
    assert submit_notice(comment=published, text=GOOD._replace(legal_ground="")).legal_ground == ""


def test_sent_twice_it_is_one(published):
    one, other = (submit_notice(comment=published, text=GOOD) for _ in range(2))

    assert one == other
    assert Notice.objects.count() == Event.objects.filter(tag="notice:received").count() == 1


def test_somebody_else_sends_another(published):
    submit_notice(comment=published, text=GOOD)
    submit_notice(comment=published, text=GOOD._replace(email="bo@notifier.example"))

    assert Notice.objects.count() == 2


def test_once_decided_the_same_one_is_new(published):
    Notice.objects.filter(pk=submit_notice(comment=published, text=GOOD).pk).update(state="declined")
    submit_notice(comment=published, text=GOOD)

    assert Notice.objects.count() == 2


def test_only_what_is_published(held):
    with pytest.raises(NoticeError) as caught:
        submit_notice(comment=held, text=GOOD)

    assert caught.value.code == "not_published"


def test_removed_while_somebody_wrote(published, moderator):
    remove_comment(comment=published, moderator=moderator, rule="links")
    with pytest.raises(NoticeError) as caught:
        submit_notice(comment=published, text=GOOD)

    assert caught.value.code == "not_published"
    assert not Notice.objects.exists()
