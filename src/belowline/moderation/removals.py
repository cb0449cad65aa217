"""By which rule comments were removed, for the lines that stand in their place."""

from collections.abc import Collection

from belowline.moderation.models import Decision


def rules_of_removals(comments: Collection[int]) -> dict[int, str]:
    """Return the title of the rule by which each comment was removed last; those without a removal are left out."""
    if not comments:
        return {}
    rows = Decision.objects.filter(comment__in=comments, outcome=Decision.Outcome.REMOVE).order_by("id")
    found = rows.values_list("comment_id", "reasons")
    return {comment: reasons[0].get("title", "") for comment, reasons in found if reasons}
