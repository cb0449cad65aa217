"""What the editors' part of a comment's page needs."""

from django import template

from belowline.comments.actions.pick_comment import MAX_SENTENCE_CHARACTERS
from belowline.comments.models import Comment
from belowline.engine.policy import Rule
from belowline.moderation.desks import MODERATORS, held_at
from belowline.moderation.engine import site_policy
from belowline.stories.models import Story

register = template.Library()


@register.filter
def removal_rules(comment: Comment) -> list[tuple[str, Rule]]:
    """Return the rules by which the comment can be removed: code and rule, in the policy's order."""
    return list(site_policy(comment.story.site).rules.items())


@register.simple_tag
def held_here(story: Story) -> int:
    """Return how many comments of the story wait for a moderator."""
    return held_at(MODERATORS).filter(story=story).count()


@register.simple_tag
def sentence_limit() -> int:
    """Return how many characters the sentence of a pick may have."""
    return MAX_SENTENCE_CHARACTERS
