"""Nobody decides about their own comment where somebody else could."""

import pytest

from belowline.comments.models import Comment
from belowline.moderation.actions.decide_comment import decide_comment
from belowline.moderation.actions.decide_notice import decide_notice
from belowline.moderation.actions.publish_comment import publish_comment
from belowline.moderation.actions.submit_notice import NoticeText, submit_notice
from belowline.moderation.errors import DecidingError
from belowline.moderation.impartial import others_moderate, why_own
from belowline.moderation.models import Decision, Notice


@pytest.fixture
def own(post, moderator):
    """A held comment that a moderator wrote."""
    return post("What a wombat of a bridge.", author=moderator).comment


@pytest.fixture
def colleague(account):
    return account("Second", role="moderator")


def publish(comment, moderator):
    return decide_comment(comment=comment, moderator=moderator, outcome=Decision.Outcome.PUBLISH)


def give_notice(comment):
    text = NoticeText(
        category="VIOLENCE",
        explanation="It threatens the ferryman by name.",
        legal_ground="",
        name="Ada Birch",
        email="ada@notifier.example",
        in_good_faith=True,
    )
    return submit_notice(comment=comment, text=text)


@pytest.mark.parametrize(
    ("role", "fields", "counts"),
    [
        ("moderator", {}, True),
        ("admin", {}, True),
        ("reader", {}, False),
        ("auditor", {}, False),
        ("moderator", {"is_active": False}, False),
    ],
    ids=["a moderator", "an administrator", "a reader", "an auditor", "gone"],
)
def test_who_counts_as_somebody_else(account, moderator, written, role, fields, counts):  # noqa: PLR0917
    comment = written()
    other = account("Other", role=role, **fields)

    assert others_moderate({moderator.pk}, comment) is counts
    assert others_moderate({moderator.pk, other.pk}, comment) is False


def test_ones_own_held_comment_is_left_to_another(own, moderator, colleague):
    with pytest.raises(DecidingError, match="another moderator decides") as caught:
        publish(own, moderator)

    assert caught.value.code == "own_comment"
    assert Comment.objects.get(pk=own.pk).status == "held"
    publish(own, colleague)
    assert Comment.objects.get(pk=own.pk).status == "published"


def test_whoever_is_alone_decides(own, moderator):
    publish(own, moderator)

    assert Comment.objects.get(pk=own.pk).status == "published"


def test_ones_own_rejected_comment_is_not_published(own, moderator, colleague, decide):
    decide_comment(comment=own, moderator=colleague, outcome=Decision.Outcome.REJECT, rule="banned_word")
    with pytest.raises(DecidingError) as caught:
        publish_comment(comment=own, moderator=moderator)

    assert caught.value.code == "own_comment"
    assert publish_comment(comment=own, moderator=colleague).outcome == "publish"


@pytest.mark.parametrize("accept", [True, False], ids=["accept", "decline"])
def test_a_notice_about_ones_own_comment_is_left_to_another(own, moderator, colleague, accept):
    publish(own, colleague)
    notice = give_notice(Comment.objects.get(pk=own.pk))
    sent = {"accept": accept, "reason": "A joke.", "rule": "banned_word"}
    with pytest.raises(DecidingError) as caught:
        decide_notice(notice=notice, moderator=moderator, **sent)

    assert caught.value.code == "own_comment"
    assert Notice.objects.get().state == "open"
    assert decide_notice(notice=notice, moderator=colleague, **sent).state == ("accepted" if accept else "declined")


def test_anybody_elses_is_nobodys_own(held, moderator, colleague):
    assert why_own(held, moderator) == ""
    assert why_own(held, held.author) != ""


def test_the_desk_says_so(own, as_moderator, colleague):
    answer = as_moderator.post(f"/desk/comments/{own.pk}/decide/", {"outcome": "publish"}, follow=True)

    assert "This is your own comment: another moderator decides." in answer.content.decode()
