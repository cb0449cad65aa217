"""By which rule a comment was removed, as its place tells."""

from belowline.moderation.actions.publish_comment import publish_against
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.removals import rules_of_removals


def test_the_title_of_the_rule(post, moderator):
    one, other, kept = post("One.").comment, post("Another.").comment, post("A third.").comment
    remove_comment(comment=one, moderator=moderator, rule="links")
    remove_comment(comment=other, moderator=moderator, rule="shouting")

    assert rules_of_removals([one.pk, other.pk, kept.pk]) == {one.pk: "Links", other.pk: "Shouting"}


def test_the_last_removal_counts(post, moderator):
    comment = post("One.").comment
    remove_comment(comment=comment, moderator=moderator, rule="links")
    comment.refresh_from_db()
    publish_against(comment=comment, moderator=moderator)
    remove_comment(comment=comment, moderator=moderator, rule="shouting")

    assert rules_of_removals([comment.pk]) == {comment.pk: "Shouting"}


def test_nothing_removed_asks_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert rules_of_removals([]) == {}
