"""Judging for Coral: with the site's policy on a whole server, with the operator's file where only the engine runs."""

import logging
from functools import lru_cache

from django.conf import settings

from belowline.engine.decide import hold_unjudged
from belowline.engine.decision import Decision
from belowline.engine.judge import Engine
from belowline.engine.policy import load_policy
from belowline.engine.shared import shared_engine
from belowline.engine.submission import Submission
from belowline.stories.models import Site

logger = logging.getLogger(__name__)
UNKNOWN_POLICY = "unknown"


def judge(site: Site, submission: Submission) -> Decision:
    """Judge a submission; whatever fails, the answer is a decision to hold, never to publish."""
    if settings.ENGINE_ONLY:
        return judge_alone(submission)
    # Not above: the app is not installed where only the engine runs.
    from belowline.moderation.engine import judge as judge_for_site

    return judge_for_site(site, submission)


def judge_alone(submission: Submission) -> Decision:
    """Judge with the operator's policy file, or the shipped policy; a failure holds."""
    try:
        return operators_engine().judge(submission)
    except Exception as error:  # noqa: BLE001 - a broken engine must never let a comment pass
        # Only the type: the message of an error may quote the comment.
        logger.error("the engine failed (%s); the comment is held", type(error).__name__)  # noqa: TRY400
        return hold_unjudged(UNKNOWN_POLICY)


@lru_cache(maxsize=1)
def operators_engine() -> Engine:
    """Return the engine of this process with the policy of BELOWLINE_POLICY, read once.

    Raises:
        PolicyError: the file is missing or wrong.
        ModelError: a shipped model is missing or damaged.
    """
    engine = shared_engine()
    return engine.with_policy(load_policy(settings.POLICY_FILE)) if settings.POLICY_FILE else engine
