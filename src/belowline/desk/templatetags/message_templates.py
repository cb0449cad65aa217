"""The message templates that fit a comment's author."""

from django import template

from belowline.comments.models import Comment
from belowline.moderation.message_templates import Offer, offers_for

register = template.Library()


@register.simple_tag
def template_offers(comment: Comment) -> list[Offer]:
    """Return the templates for writing to a comment's author, in their language where there are any."""
    return offers_for(comment.author, comment.story.site, comment)
