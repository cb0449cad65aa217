"""A comment gets another text; the one before stays as a revision."""

from django.utils import timezone

from belowline.comments.actions.create_comment import text_fields
from belowline.comments.models import Comment, Revision


def change_text(*, comment: Comment, text_source: str) -> Revision:
    """Change the text of a comment whose row the caller has locked and checked; return the new revision.

    Whoever calls decides about the new text in the same transaction.
    """
    fields = {**text_fields(text_source), "edited_at": timezone.now()}
    for name, value in fields.items():
        setattr(comment, name, value)
    comment.save(update_fields=[*fields, "changed_at"])
    return Revision.objects.create(comment=comment, text_source=text_source)
