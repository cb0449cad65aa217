"""What a card says of its author besides the record: measures in force and before, and whether there are notes."""

from typing import Any

from django import template

from belowline.comments.models import Comment
from belowline.moderation.sanction_models import Sanction
from belowline.moderation.team_models import TeamNote

register = template.Library()


@register.inclusion_tag("desk/_standing.html")
def commenter_standing(comment: Comment) -> dict[str, Any]:
    """Return the measures of a comment's author that hold now, how many did before, and how many notes there are."""
    rows = list(Sanction.objects.filter(user=comment.author_id, lifted_at=None).order_by("-id"))
    acting = [row for row in rows if row.is_acting]
    return {
        "acting": acting,
        "earlier": len(rows) - len(acting),
        "notes": TeamNote.objects.filter(about=comment.author_id).count(),
        "comment": comment,
    }
