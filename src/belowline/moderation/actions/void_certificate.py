"""A promise is broken: its certificate becomes void, and the machine widens the band that people decide."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from belowline.engine import watching, widening
from belowline.engine.cutoffs import Past
from belowline.engine.cutoffs_text import write_cutoffs
from belowline.engine.errors import PolicyError
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.actions.activate_policy import activate_policy
from belowline.moderation.engine import active_version
from belowline.moderation.kept_scores import causes_of, values_of
from belowline.moderation.models import Audit, Certificate, Decision, PolicyVersion
from belowline.moderation.watch import Promised, promise_of, reviewed_audits, watch_version
from belowline.stories.models import Site


def void_certificate(*, version: PolicyVersion) -> PolicyVersion | None:
    """Look at the audits of a version; where they break its promise, void the certificate and widen the band.

    Returns the version that acts from now on; None: the promise holds, nobody promised anything, all this was done
    before, or another policy acts and only the certificate was voided. Called again, it does nothing again.
    """
    with transaction.atomic():
        # Whoever answers an audit waits here: two answers, each of them harmless alone, must not miss the break.
        site = Site.objects.select_for_update(no_key=True).get(pk=version.site_id)
        promised = promise_of(version)
        if promised.certificate is None or _is_settled(version, promised):
            return None
        seen = watch_version(site, version, promised)
        if not seen.is_broken:
            return None
        widened = _widen(site, version, promised, seen) if _acts(site, version) else None
        if promised.kind == "certified":
            _void(promised.certificate, promised, seen, widened)
        return widened


def _is_settled(version: PolicyVersion, promised: Promised) -> bool:
    """Say whether nothing is left to do: the certificate is void already, or the widened version was replaced."""
    if promised.kind == "widened":
        return not _acts(version.site, version)
    return promised.certificate is not None and promised.certificate.voided_at is not None


def _acts(site: Site, version: PolicyVersion) -> bool:
    acting = active_version(site)
    return acting is not None and acting.version == version.version


def _widen(site: Site, version: PolicyVersion, promised: Promised, seen: watching.Watch) -> PolicyVersion | None:
    """Let lower holds act; None: no lower ones are left, or they cannot be written into this text."""
    audits = _audited(site, version, promised, seen)
    try:
        found = widening.widen(version.parse(), audits, seen.since, promised.promise.bad_published)
        text = write_cutoffs(version.text, found.codes, found.cutoffs, found.sections)
    except PolicyError:
        # Numbers that do not stand on lines of their own; the notice on the desk asks a person to do it.
        return None
    if not found.lowered or promised.certificate is None:
        return None
    cause: dict[str, Any] = {
        "widens": version.pk,
        "certificate": promised.certificate.pk,
        "rules": list(found.lowered),
        "factor": found.factor,
        "left": found.left,
        **_counts(seen),
    }
    return activate_policy(site=site, text=text, cause=cause)


def _audited(site: Site, version: PolicyVersion, promised: Promised, seen: watching.Watch) -> list[Past]:
    """Return what was published and audited, up to the audit that broke the promise."""
    audits = reviewed_audits(site, version, promised).filter(decision__outcome=Decision.Outcome.PUBLISH)
    return [_past(audit) for audit in audits.select_related("decision__comment__story")[: seen.broken_at]]


def _past(audit: Audit) -> Past:
    decision = audit.decision
    return Past(
        scores=values_of(decision.scores),
        is_good=audit.outcome == Decision.Outcome.PUBLISH,
        section=decision.comment.story.section,
        language=decision.language,
        rule=audit.rule,
        at=audit.reviewed_at,
        causes=causes_of(decision.scores),
        judges_topic=decision.comment.story.judges_topic,
    )


def _void(certificate: Certificate, promised: Promised, seen: watching.Watch, widened: PolicyVersion | None) -> None:
    certificate.voided_at = timezone.now()
    certificate.void_cause = cause_words(promised, seen)
    certificate.save(update_fields=["voided_at", "void_cause"])
    record_event(
        tags.CERTIFICATE_VOIDED,
        subject_id=certificate.pk,
        site_id=certificate.policy_version.site_id,
        policy_version=certificate.policy_version_id,
        widened_to=widened.pk if widened else None,
        **_counts(seen),
    )


def _counts(seen: watching.Watch) -> dict[str, int]:
    errors, audits = seen.recent
    return {"errors": errors, "audits": audits}


def cause_words(promised: Promised, seen: watching.Watch) -> str:
    """Return why the promise counts as broken, for people."""
    errors, audits = seen.recent
    return (
        f"Of the last {audits:,} audited comments that the machine had published, reviewers would have refused "
        f"{errors:,}; promised was at most {100 * promised.promise.bad_published:.3g} %."
    )
