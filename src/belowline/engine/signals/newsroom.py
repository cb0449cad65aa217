"""The newsroom's own taste: how likely its moderators would refuse a comment, as they did with others before."""

from belowline.engine.decision import Score
from belowline.engine.models.head import Head
from belowline.engine.signals.abuse import AbuseSignal
from belowline.engine.signals.base import Prepared


class NewsroomSignal:
    """One calibrated probability in [0, 1] for English comments, by a head on the abuse model.

    It has no spans: it knows that the moderators refused comments like this one, and not for which words.
    """

    name = "newsroom"
    scores: tuple[str, ...] = ("newsroom_refusal",)

    def __init__(self, abuse: AbuseSignal, head: Head) -> None:
        """Use a head; raises ModelError when it was learned on another model than `abuse` has."""
        head.check_fits(abuse.version, abuse.traits_width)
        self._abuse = abuse
        self._head = head
        self.version = head.version

    def measure(self, prepared: Prepared) -> dict[str, Score]:
        """Return the score; unchecked where the comment is not English."""
        traits = self._abuse.traits(prepared)
        if traits is None:
            return {"newsroom_refusal": Score.unchecked("language_unsupported")}
        return {"newsroom_refusal": Score(value=float(self._head.scores(traits)))}
