"""A policy begins to act on a site."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F

from belowline.accounts.models import User
from belowline.engine.errors import PolicyError
from belowline.engine.policy import parse_policy
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.errors import ActivatingError
from belowline.moderation.models import PolicyVersion
from belowline.stories.models import Site, Story

MAX_VERSION_CHARACTERS = 150


def activate_policy(*, site: Site, text: str, by: User | None = None, last_seen: int | None = None) -> PolicyVersion:
    """Check a policy's text and let it act; a wrong one changes nothing.

    `by` is an administrator; None: the operator, or the machine. `last_seen` is the id of the version that acted when
    the text was looked at, 0: the shipped policy did; None: it does not matter.

    Raises:
        PermissionDenied: no administrator.
        PolicyError: the text is wrong; the message names line, key and the mend.
        ActivatingError: `policy_changed`: another version has begun to act since.
    """
    if by is not None and not by.is_admin:
        raise PermissionDenied("only administrators change the policy")
    policy = parse_policy(text)
    if len(policy.version) > MAX_VERSION_CHARACTERS:
        raise PolicyError("the name is too long; shorten it to 100 characters", key="policy.name")
    with transaction.atomic():
        _check_newest(site, last_seen)
        row = PolicyVersion.objects.create(site=site, version=policy.version, text=text, activated_by=by)
        # Pages name the policy's sentence: they are made anew.
        Story.objects.filter(site=site).update(thread_version=F("thread_version") + 1)
        record_event(
            tags.POLICY_ACTIVATED,
            subject_id=row.pk,
            site_id=site.pk,
            actor_id=by.pk if by else None,
            version=row.version,
        )
    return row


def _check_newest(site: Site, last_seen: int | None) -> None:
    """Compare with what acts now; whoever activates at the same moment waits for the site's row.

    Raises:
        ActivatingError: `policy_changed`.
    """
    Site.objects.select_for_update(no_key=True).get(pk=site.pk)
    newest = PolicyVersion.objects.filter(site=site).order_by("-id").first()
    if last_seen is not None and last_seen != (newest.pk if newest else 0):
        who = newest.activated_by.display_name if newest and newest.activated_by else "the operator"
        version = newest.version if newest else "the shipped policy"
        raise ActivatingError(
            f"Another policy has begun to act meanwhile: {version}, by {who}. Nothing was changed. "
            "Look at what changed, and rehearse again."
        )
