"""The engine of this process, with the policy of each site."""

import logging
from functools import lru_cache

import msgspec

from belowline.engine.decide import hold_unjudged
from belowline.engine.decision import Decision
from belowline.engine.errors import PolicyError
from belowline.engine.judge import Engine
from belowline.engine.policy import Policy, load_policy
from belowline.engine.shared import shared_engine
from belowline.engine.submission import Submission
from belowline.moderation.models import PolicyVersion
from belowline.stories.models import Site

logger = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def base_engine() -> Engine:
    """Return the engine with its models, loaded once in this process."""
    return shared_engine()


def warm_up() -> None:
    """Load the engine before the first reader posts; a broken one is reported, and holds every comment."""
    try:
        base_engine()
    except Exception as error:  # noqa: BLE001 - pages are still served
        logger.error("the engine cannot be loaded (%s); every comment is held", type(error).__name__)  # noqa: TRY400


@lru_cache(maxsize=64)
def _engine(version_id: int) -> Engine:
    return base_engine().with_policy(PolicyVersion.objects.get(pk=version_id).parse())


@lru_cache(maxsize=64)
def _policy(version_id: int) -> Policy:
    return PolicyVersion.objects.get(pk=version_id).parse()


def active_version(site: Site) -> PolicyVersion | None:
    """Return the policy version that acts on a site; None: the shipped policy does."""
    return PolicyVersion.objects.filter(site=site).order_by("-id").only("id", "site", "version", "created_at").first()


def site_policy(site: Site) -> Policy:
    """Return the policy that acts on a site."""
    return policy_of(active_version(site))


def policy_of(version: PolicyVersion | None) -> Policy:
    """Return the policy of a version; None: the shipped one."""
    return _policy(version.pk) if version else _shipped()


@lru_cache(maxsize=1)
def _shipped() -> Policy:
    return load_policy()


def judge(site: Site, submission: Submission) -> Decision:
    """Judge with the site's policy; whatever fails, the answer is a decision to hold, never to publish."""
    try:
        version = active_version(site)
        found = (_engine(version.pk) if version else base_engine()).judge(submission)
        # Through JSON and back: what is no decision, or cannot be written down, raises here and not at the commit.
        return msgspec.json.decode(msgspec.json.encode(found), type=Decision)
    except Exception as error:  # noqa: BLE001 - a broken engine must never publish or lose a comment
        # Only the type: the message of an error may quote the comment.
        logger.error("the engine failed (%s); the comment is held", type(error).__name__)  # noqa: TRY400
        return held_unjudged(site)


def held_unjudged(site: Site) -> Decision:
    """Return the decision for a comment that could not be judged: a person looks at it."""
    try:
        version = site_policy(site).version
    except PolicyError:
        version = "unreadable"
    return hold_unjudged(version)
