"""The engine of this process, with the policy of each site."""

import logging
import time
from functools import lru_cache

import msgspec
from django.dispatch import Signal

from belowline.engine.decide import hold_unjudged
from belowline.engine.decision import Decision
from belowline.engine.errors import ModelError, PolicyError
from belowline.engine.judge import Engine
from belowline.engine.models.head import Head, read_head
from belowline.engine.policy import Policy, load_policy
from belowline.engine.shared import shared_engine
from belowline.engine.submission import Submission
from belowline.moderation.models import HeadVersion, PolicyVersion
from belowline.stories.models import Site

logger = logging.getLogger(__name__)
judged = Signal()
"""Sent for each comment that was judged: `seconds` that it took, `unchecked` as pairs of score and cause, and whether
the engine failed altogether (`is_failed`). Receivers count, and do no slow work."""


@lru_cache(maxsize=1)
def base_engine() -> Engine:
    """Return the engine with its models, loaded once in this process."""
    return shared_engine()


def warm_up() -> None:
    """Load the engine before the first reader posts; a broken one is reported, and holds every comment."""
    try:
        base_engine()
    except Exception as error:  # noqa: BLE001 - pages are still served
        logger.error("the engine cannot be loaded (%s); every comment is held", _named(error))  # noqa: TRY400


def _named(error: Exception) -> str:
    """Return an error's type; with its message where that is about a model's file: others may quote the comment."""
    return f"ModelError: {error}" if isinstance(error, ModelError) else type(error).__name__


@lru_cache(maxsize=64)
def _engine(version_id: int | None, head_id: int | None = None) -> Engine:
    engine = base_engine()
    if version_id is not None:
        engine = engine.with_policy(PolicyVersion.objects.get(pk=version_id).parse())
    return engine if head_id is None else _with_head(engine, head_id)


def _with_head(engine: Engine, head_id: int) -> Engine:
    """Add a site's head; one that cannot be used is left out, and rules on `newsroom_refusal` are then unchecked."""
    try:
        return engine.with_head(read_head(bytes(HeadVersion.objects.get(pk=head_id).weights)))
    except ModelError as error:
        logger.error("head %s is not used: %s", head_id, error)  # noqa: TRY400 - the message says all
        return engine


@lru_cache(maxsize=64)
def _policy(version_id: int) -> Policy:
    return PolicyVersion.objects.get(pk=version_id).parse()


def active_version(site: Site) -> PolicyVersion | None:
    """Return the policy version that acts on a site; None: the shipped policy does."""
    return PolicyVersion.objects.filter(site=site).order_by("-id").only("id", "site", "version", "created_at").first()


def active_head(site: Site) -> HeadVersion | None:
    """Return the head that acts on a site, without its weights; None: none does."""
    return HeadVersion.objects.filter(site=site, is_active=True).only("id", "base_model").first()


def usable_head(site: Site) -> Head | None:
    """Return the head that acts on a site, ready to score; None: there is none, or another model came with an upgrade.

    Raises:
        ModelError: a shipped model is missing or damaged.
    """
    row = active_head(site)
    if row is None:
        return None
    abuse = base_engine().abuse
    try:
        head = read_head(bytes(HeadVersion.objects.get(pk=row.pk).weights))
        head.check_fits(abuse.version, abuse.traits_width)
    except ModelError:
        return None
    return head


def measuring_engine(site: Site) -> Engine:
    """Return the engine with the site's head and the shipped policy, which callers replace.

    Raises:
        ModelError: a shipped model is missing or damaged.
    """
    head = active_head(site)
    return base_engine() if head is None else _engine(None, head.pk)


def site_engine(site: Site) -> Engine:
    """Return the engine with the site's policy and head, kept by their ids.

    Raises:
        ModelError: a shipped model is missing or damaged.
    """
    version, head = active_version(site), active_head(site)
    if version is None and head is None:
        return base_engine()
    return _engine(version.pk if version else None, head.pk if head else None)


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
    began, is_failed = time.perf_counter(), False
    try:
        found = site_engine(site).judge(submission)
        # Through JSON and back: what is no decision, or cannot be written down, raises here and not at the commit.
        found = msgspec.json.decode(msgspec.json.encode(found), type=Decision)
    except Exception as error:  # noqa: BLE001 - a broken engine must never publish or lose a comment
        logger.error("the engine failed (%s); the comment is held", _named(error))  # noqa: TRY400
        found, is_failed = held_unjudged(site), True
    unchecked = [(entry.signal, entry.cause) for entry in found.unchecked]
    judged.send(Site, seconds=time.perf_counter() - began, unchecked=unchecked, is_failed=is_failed)
    return found


def held_unjudged(site: Site) -> Decision:
    """Return the decision for a comment that could not be judged: a person looks at it."""
    try:
        version = site_policy(site).version
    except PolicyError:
        version = "unreadable"
    return hold_unjudged(version)
