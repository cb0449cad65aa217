"""Is the promise kept? What the audits say of the policy that acts, and what was done about it."""

import logging
from datetime import datetime
from typing import Any, Literal, NamedTuple

from django.db.models import Max, QuerySet

from belowline.engine import guarantees, watching
from belowline.engine.guarantees import Promise, Rate
from belowline.engine.policy import load_policy
from belowline.events import tags
from belowline.events.models import Event
from belowline.limits.caches import kept as cache
from belowline.moderation.engine import active_version
from belowline.moderation.models import Audit, Certificate, Decision, PolicyVersion
from belowline.stories.models import Site
from belowline.stories.places import in_place

logger = logging.getLogger(__name__)

DEFAULT_PROMISE = Promise(bad_published=0.01, good_refused=0.0, confidence=0.95)
"""What a policy is measured by that was never calibrated; nobody promised it, so breaking it changes no policy."""
CACHE_SECONDS = 3_600
Kind = Literal["certified", "widened", "default"]


class Promised(NamedTuple):
    """The promise that a policy version is held to, and where it comes from."""

    promise: Promise
    kind: Kind
    """*certified*: a calibration proved it of this version; *widened*: the machine lowered the holds of a version of
    which that had been proved; *default*: nobody promised anything."""
    certificate: Certificate | None
    """The certificate that the promise began with; of an earlier version where this one is widened."""

    @property
    def delta(self) -> float:
        """The chance in (0, 1) of a false alarm in the life of a version."""
        return 1 - self.promise.confidence


class RunningBound(NamedTuple):
    """What the audits of the policy that acts say, up to now."""

    version: str
    promised: Promised
    published: watching.Watch
    """Audits of what the machine published; an error is what a reviewer would have refused."""
    rejected: Rate
    """Audits of what the machine rejected; an error is what a reviewer would have published."""
    last_at: datetime | None
    """When the last audit was answered."""


class Standing(NamedTuple):
    """Why a site's promise is not kept, and what was done."""

    site: Site
    state: Literal["widened", "void", "warned"]
    """*widened*: the machine lowered the holds; *void*: the promise is broken and nobody has changed the policy yet;
    *warned*: more errors than we would promise, under a policy of which nothing was promised."""
    promised: Promised
    published: watching.Watch

    @property
    def problem(self) -> str:
        """What is wrong, in a sentence for those who run the comments."""
        limit = f"{100 * self.promised.promise.bad_published:.3g} %"
        if self.state == "warned":
            return (
                f"Audits say that more than {limit} of what the machine publishes on {self.site.name} would be "
                "refused by your moderators. Nobody has calibrated this policy, so the machine leaves it as it is."
            )
        done = "so it holds more comments now" if self.state == "widened" else "and the policy acts as before"
        return (
            f"The machine no longer keeps its promise on {self.site.name} (at most {limit} of what it publishes), "
            f"{done}. The certificate is void."
        )


def promise_of(version: PolicyVersion | None) -> Promised:
    """Return the promise that a version is held to; None: the shipped policy."""
    if version is None:
        return Promised(DEFAULT_PROMISE, "default", None)
    certificate = Certificate.objects.filter(policy_version__in=same_text(version)).order_by("-id").first()
    if certificate is not None:
        try:
            return Promised(promise_in(certificate), "certified", certificate)
        except (KeyError, TypeError) as error:
            name = type(error).__name__
            logger.error("the certificate of policy version %s cannot be read (%s)", version.pk, name)  # noqa: TRY400
            return Promised(DEFAULT_PROMISE, "default", None)
    if (cause := _widening(version)) is not None:
        origin = Certificate.objects.get(pk=cause["certificate"])
        return Promised(promise_in(origin), "widened", origin)
    return Promised(DEFAULT_PROMISE, "default", None)


def same_text(version: PolicyVersion) -> QuerySet[PolicyVersion]:
    """Return all versions of the site with this very text: what was proved of one holds when it is restored."""
    return PolicyVersion.objects.filter(site=version.site_id, version=version.version)


def promise_in(certificate: Certificate) -> Promise:
    """Return the promise that a certificate is about."""
    return Promise(**certificate.document["promise"])


def _widening(version: PolicyVersion) -> dict[str, Any] | None:
    """Return what the event says of how the machine made this text; None: people chose it."""
    rows = same_text(version).values("pk")
    activations = Event.objects.filter(tag=tags.POLICY_ACTIVATED, subject_id__in=rows).order_by("-id")
    return next((event.data for event in activations if "widens" in event.data), None)


def reviewed_audits(site: Site, version: PolicyVersion | None, promised: Promised) -> QuerySet[Audit]:
    """Return the answered audits of what a policy decided on a site, in the order in which they were answered.

    Where a certificate was given for it, those from then on: what came before was no part of the promise.
    """
    answered = Audit.objects.filter(reviewed_at__isnull=False).order_by("reviewed_at", "id")
    if promised.kind == "certified" and promised.certificate is not None:
        answered = answered.filter(reviewed_at__gte=promised.certificate.created_at)
    if version is not None:
        return answered.filter(policy_version__in=same_text(version))
    # The shipped policy has no row, and another release ships another one.
    shipped = load_policy().version
    return in_place(answered.filter(policy_version=None, decision__policy=shipped), "decision__comment__story", site)


def published_errors(audits: QuerySet[Audit]) -> list[bool]:
    """Return for each audit of a published comment, in their order, whether the reviewer would have refused it."""
    outcomes = audits.filter(decision__outcome=Decision.Outcome.PUBLISH).values_list("outcome", flat=True)
    return [outcome != Decision.Outcome.PUBLISH for outcome in outcomes]


def watch_version(site: Site, version: PolicyVersion | None, promised: Promised) -> watching.Watch:
    """Test all audits of what a version published against its promise."""
    errors = published_errors(reviewed_audits(site, version, promised))
    return watching.watch(errors, promised.promise.bad_published, promised.delta)


def running_bound(site: Site) -> RunningBound | None:
    """Return what the audits say of the policy that acts on a site; None: none has been answered yet."""
    version = active_version(site)
    return bound_under(site, version, promise_of(version))


def bound_under(site: Site, version: PolicyVersion | None, promised: Promised) -> RunningBound | None:
    """Return what the audits say of a version, held to this promise; None: none has been answered yet."""
    latest = Audit.objects.filter(reviewed_at__isnull=False).order_by("-reviewed_at", "-id")
    newest = latest.values_list("pk", "reviewed_at").first()
    if newest is None:
        return None
    name = version.version if version else load_policy().version
    certificate = promised.certificate.pk if promised.certificate else 0
    key = f"watch:{site.pk}:{name}:{promised.kind}:{certificate}:{newest[0]}:{newest[1]:%Y%m%dT%H%M%S%f}"
    figures = cache.get(key)  # the same until another audit is answered, anywhere
    if figures is None:
        figures = _figures(site, version, promised)
        cache.set(key, figures, CACHE_SECONDS)
    published, rejected, last_at = figures
    return RunningBound(name, promised, published, rejected, last_at) if last_at else None


def _figures(
    site: Site, version: PolicyVersion | None, promised: Promised
) -> tuple[watching.Watch, Rate, datetime | None]:
    """Return what a running bound is made of, from all audits; no time: none has been answered."""
    audits = reviewed_audits(site, version, promised)
    last_at = audits.aggregate(last_at=Max("reviewed_at"))["last_at"]
    return watch_version(site, version, promised), _rejected(audits, promised), last_at


def _rejected(audits: QuerySet[Audit], promised: Promised) -> Rate:
    outcomes = list(audits.filter(decision__outcome=Decision.Outcome.REJECT).values_list("outcome", flat=True))
    errors, n = sum(outcome == Decision.Outcome.PUBLISH for outcome in outcomes), len(outcomes)
    bound = guarantees.upper_bound(errors, n, promised.delta)
    return Rate(errors=errors, of=n, rate=errors / n if n else None, bound=bound)


def standing(site: Site) -> Standing | None:
    """Return why a site's promise is not kept; None: all is well, as far as anybody knows."""
    version = active_version(site)
    promised = promise_of(version)
    bound = bound_under(site, version, promised)
    published = bound.published if bound else watching.watch([], promised.promise.bad_published, promised.delta)
    if promised.kind == "default":
        return Standing(site, "warned", promised, published) if published.is_broken else None
    if promised.kind == "widened":
        return Standing(site, "void" if published.is_broken else "widened", promised, published)
    is_void = promised.certificate is not None and promised.certificate.voided_at is not None
    return Standing(site, "void", promised, published) if is_void else None


def standings() -> list[Standing]:
    """Return what is wrong on any site."""
    return [found for site in Site.objects.order_by("pk") if (found := standing(site)) is not None]
