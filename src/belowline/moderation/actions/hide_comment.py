"""Reporters who were right before hide a published comment until a person has looked; its author is told at once."""

from belowline.comments.models import Comment
from belowline.moderation.actions.record_decision import record_decision
from belowline.moderation.engine import site_policy
from belowline.moderation.hiding import hiding_reason
from belowline.moderation.models import Decision


def hide_comment(*, comment: Comment) -> Decision:
    """Hold a published comment because of reports; what the engine measured of it stays beside the decision.

    Call it inside a transaction that has locked the comment's row, where report_weights says that the reports suffice.
    """
    judged = comment.decisions.filter(maker=Decision.Maker.ENGINE).order_by("-id").first()
    return record_decision(
        comment=comment,
        outcome=Decision.Outcome.HOLD,
        maker=Decision.Maker.ENGINE,
        source=Decision.Source.REPORT,
        reasons=[hiding_reason()],
        scores=judged.scores if judged else {},
        language=judged.language if judged else "",
        model=judged.model if judged else "",
        policy=judged.policy if judged else site_policy(comment.story.site).version,
    )
