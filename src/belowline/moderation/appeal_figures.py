"""How many decisions were contested, and how those ended, rule by rule."""

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from belowline.comments.models import Comment
from belowline.moderation.models import Appeal
from belowline.stories.models import Site
from belowline.stories.places import in_place


class RuleAppeals(NamedTuple):
    """The appeals against decisions under one rule; `appeals` is the sum of the other three."""

    rule: str
    appeals: int
    upheld: int
    overturned: int
    open: int

    @property
    def overturn_rate(self) -> float | None:
        """The share in [0, 1] of settled appeals that were overturned; None: none is settled."""
        settled = self.upheld + self.overturned
        return self.overturned / settled if settled else None


def appeal_figures(site: Site, since: datetime | None = None, section: str | None = None) -> dict[str, RuleAppeals]:
    """Return the appeals of a site by the code of the rule, those submitted since then; without it, all.

    Of one section alone, where one is named.

    Each counts once, under the gravest rule of the decision that it contests. One that waits for a comment which its
    author has deleted counts nowhere.
    """
    found = in_place(Appeal.objects.all(), "decision__comment__story", site, section)
    if since is not None:
        found = found.filter(created_at__gte=since)
    counts: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(Appeal.State.values, 0))
    columns = found.values_list("state", "decision__reasons", "decision__comment__status")
    for state, reasons, status in columns:
        if state != Appeal.State.OPEN or status != Comment.Status.DELETED:
            counts[reasons[0]["rule"] if reasons else ""][state] += 1
    return {
        rule: RuleAppeals(rule, sum(states.values()), states["upheld"], states["overturned"], states["open"])
        for rule, states in sorted(counts.items())
    }
