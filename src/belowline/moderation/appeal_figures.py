"""What became of appeals, rule by rule."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Q
from django.db.models.fields.json import KeyTextTransform, KeyTransform

from belowline.moderation.models import Appeal
from belowline.stories.models import Site


class RuleAppeals(NamedTuple):
    """Appeals against decisions by one rule."""

    rule: str
    """The code of the gravest reason of the contested decision."""
    appeals: int
    upheld: int
    overturned: int
    open: int


def appeal_figures(site: Site, since: datetime) -> dict[str, RuleAppeals]:
    """Return the appeals made on a site from a time on, by the code of the rule."""
    rows = (
        Appeal.objects.filter(decision__comment__story__site=site, created_at__gte=since)
        .order_by()
        .annotate(rule=KeyTextTransform("rule", KeyTransform("0", "decision__reasons")))
        .values("rule")
        .annotate(
            appeals=Count("pk"),
            upheld=Count("pk", filter=Q(state=Appeal.State.UPHELD)),
            overturned=Count("pk", filter=Q(state=Appeal.State.OVERTURNED)),
            open=Count("pk", filter=Q(state=Appeal.State.OPEN)),
        )
        .values_list("rule", "appeals", "upheld", "overturned", "open")
    )
    return {rule or "": RuleAppeals(rule or "", *counts) for rule, *counts in rows}
