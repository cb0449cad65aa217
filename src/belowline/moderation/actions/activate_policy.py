"""A policy begins to act on a site."""

from django.db import transaction
from django.db.models import F

from belowline.accounts.models import User
from belowline.engine.errors import PolicyError
from belowline.engine.policy import parse_policy
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.models import PolicyVersion
from belowline.stories.models import Site, Story

MAX_VERSION_CHARACTERS = 150


def activate_policy(*, site: Site, text: str, by: User | None = None) -> PolicyVersion:
    """Check a policy's text and let it act; a wrong one changes nothing.

    Raises:
        PolicyError: the text is wrong; the message names line, key and the mend.
    """
    policy = parse_policy(text)
    if len(policy.version) > MAX_VERSION_CHARACTERS:
        raise PolicyError("the name is too long; shorten it to 100 characters", key="policy.name")
    with transaction.atomic():
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
