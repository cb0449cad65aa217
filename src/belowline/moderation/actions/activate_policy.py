"""A policy begins to act on a site."""

from collections.abc import Mapping
from typing import Any

import msgspec
from django.db import transaction
from django.db.models import F

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.engine import guarantees
from belowline.engine.errors import CertificateError, PolicyError
from belowline.engine.policy import Policy, parse_policy
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.errors import ActivatingError
from belowline.moderation.models import Certificate, PolicyVersion
from belowline.stories.models import Site, Story

MAX_VERSION_CHARACTERS = 150


def activate_policy(  # noqa: PLR0913 - by keyword only
    *,
    site: Site,
    text: str,
    by: User | None = None,
    last_seen: int | None = None,
    certificate: guarantees.Certificate | None = None,
    cause: Mapping[str, Any] | None = None,
) -> PolicyVersion:
    """Check a policy's text and let it act, with what a calibration proved of it; a wrong one changes nothing.

    `by` is an administrator; None: the operator, or the machine. `last_seen` is the id of the version that acted when
    the text was looked at, 0: the shipped policy did; None: it does not matter. `cause` is what the event says besides.

    Raises:
        PermissionDenied: no administrator.
        PolicyError: the text is wrong; the message names line, key and the mend.
        CertificateError: the certificate proves nothing of this policy.
        ActivatingError: `policy_changed`: another version has begun to act since.
    """
    if by is not None:
        require(by, Action.CHANGE_POLICY, site=site)
    policy = parse_policy(text)
    if len(policy.version) > MAX_VERSION_CHARACTERS:
        raise PolicyError("the name is too long; shorten it to 100 characters", key="policy.name")
    if certificate is not None:
        check_certificate(certificate, policy)
    with transaction.atomic():
        _check_newest(site, last_seen)
        row = PolicyVersion.objects.create(site=site, version=policy.version, text=text, activated_by=by)
        if certificate is not None:
            Certificate.objects.create(policy_version=row, document=msgspec.to_builtins(certificate))
        # Pages name the policy's sentence: they are made anew.
        Story.objects.filter(site=site).update(thread_version=F("thread_version") + 1)
        record_event(
            tags.POLICY_ACTIVATED,
            subject_id=row.pk,
            site_id=site.pk,
            actor_id=by.pk if by else None,
            version=row.version,
            **(cause or {}),
        )
    return row


def _check_newest(site: Site, last_seen: int | None) -> None:
    """Compare with what acts now; whoever activates at the same moment waits for the site's row.

    One after the other: nor must the machine widen a policy that somebody has just replaced.

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


def check_certificate(certificate: guarantees.Certificate, policy: Policy) -> None:
    """Check that a certificate proves something, and of this very policy.

    Raises:
        CertificateError: it does not; the message says what to do.
    """
    if certificate.status != "calibrated":
        raise CertificateError(
            "this certificate proves nothing: calibration ended without new cut-offs. Give more decisions, or promise "
            "less, and calibrate again"
        )
    if certificate.policy_after != policy.version:
        raise CertificateError(
            f"the certificate is about the policy {certificate.policy_after}, and this is {policy.version}; activate "
            "the file that `belowline calibrate --out` wrote, unchanged, or leave the certificate out"
        )
