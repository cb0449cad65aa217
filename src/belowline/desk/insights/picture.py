"""What the page shows of one question, and how it is asked of a site and its days."""

from collections.abc import Callable
from typing import Any, NamedTuple

from belowline.accounts.models import User
from belowline.desk.bound_chart import BoundChart
from belowline.desk.insights.charts import Bar, Plot, Tone
from belowline.desk.insights.tables import Table
from belowline.engine.policy import Policy
from belowline.moderation.insights.scope import Scope
from belowline.moderation.rule_titles import reason_title


class Looking(NamedTuple):
    """Who looks, at what."""

    scope: Scope
    policy: Policy
    viewer: User

    def rule(self, code: str) -> str:
        """Return what people call a rule."""
        return reason_title(self.policy, code)


class Picture(NamedTuple):
    """An answer: a sentence, a drawing, and the figures behind it."""

    says: str
    """The answer in a sentence; it says so where there is too little to tell."""
    table: Table
    plots: tuple[Plot, ...] = ()
    bars: tuple[Bar, ...] = ()
    legend: tuple[tuple[Tone, str], ...] = ()
    audited: BoundChart | None = None
    limit: str = ""
    """What was promised, beside `audited`."""

    @property
    def is_drawn(self) -> bool:
        """Whether there is anything to draw."""
        return bool(self.plots or self.bars or self.audited)


class Insight(NamedTuple):
    """A question that the page answers."""

    name: str
    """In the address of its file."""
    title: str
    how: str
    """What is counted, and what is not."""
    read: Callable[[Scope], Any]
    """From rows to figures; kept for a while, so it must not depend on who looks."""
    draw: Callable[[Any, Looking], Picture]
