"""What a site tells the public about its moderation: rules, promises and how they are kept, figures, changes.

After articles 11 to 15, 17 and 27 of Regulation (EU) 2022/2065 and the Santa Clara Principles (numbers, notice,
appeal). The page and the JSON are made of the same structs, so they cannot differ.
"""

import logging
from datetime import datetime

import msgspec
from django.utils import timezone

from belowline.engine import guarantees
from belowline.engine.policy import Policy, Rule
from belowline.moderation.appeal_figures import appeal_figures
from belowline.moderation.audit_figures import AuditFigures, audit_figures
from belowline.moderation.engine import active_version, policy_of
from belowline.moderation.figures import Figures, live_figures
from belowline.moderation.model_cards import ModelFacts, judging_models
from belowline.moderation.models import PolicyVersion
from belowline.moderation.rule_changes import VersionChange, policy_history
from belowline.moderation.rule_titles import reason_title
from belowline.moderation.shipped_words import in_present_language
from belowline.moderation.watch import Promised, promise_of
from belowline.stories.models import Site

logger = logging.getLogger(__name__)

FORMAT = 1
"""The shape of the JSON; raised when a field changes its meaning or goes."""


class RuleTerms(msgspec.Struct, frozen=True, kw_only=True):
    """A rule, and what the machine may do by it."""

    code: str
    title: str
    for_readers: str
    score: str
    sections: tuple[str, ...]
    held_from: float
    """In [0, 1]."""
    held_in: dict[str, float]
    """The sections in which another number acts; "" stands for articles without one."""
    rejected_from: float | None
    """In [0, 1]; None: the machine never rejects by this rule."""
    rejected_in: dict[str, float]
    """The sections of `held_in` in which the machine rejects from a higher number on: never below `held_in`."""
    held_if_unchecked: bool
    left_aside_if_unchecked_for: tuple[str, ...]
    """Causes for which even so a comment is not held."""
    desk: str
    """Who reads what it holds."""


class ListTerms(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that holds nothing: what it finds appears, and a desk reads it."""

    code: str
    title: str
    for_readers: str
    score: str
    sections: tuple[str, ...]
    listed_from: float
    """In [0, 1]."""
    listed_in: dict[str, float]
    desk: str


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """The rules in force in a form for machines: article 14 wants them public, plain and machine-readable."""

    format: int
    site: str
    policy: str
    active_since: datetime | None
    """None: the policy that is shipped acts."""
    sentence: str
    languages: tuple[str, ...]
    rules: list[RuleTerms]
    lists: list[ListTerms]
    rules_on_trial: int
    """Rules that are counted, without effect."""
    max_links: int
    appeal_days: int
    audit_share: float
    contact: str


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """The certificate of the acting policy; an earlier version with the same text may have got it."""

    certificate: guarantees.Certificate
    made_at: datetime
    voided_at: datetime | None
    void_cause: str


class RuleCount(msgspec.Struct, frozen=True, kw_only=True):
    """Refusals by one rule."""

    rule: str
    title: str
    by_machine: int
    by_person: int
    total: int


class AppealCount(msgspec.Struct, frozen=True, kw_only=True):
    """Appeals against decisions by one rule."""

    rule: str
    title: str
    appeals: int
    upheld: int
    overturned: int
    open: int


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the transparency page says."""

    format: int
    site: str
    name: str
    made_at: datetime
    terms: Terms
    figures: Figures
    settled_share: float | None
    """Share in [0, 1] of the comments of these days that no person had to decide."""
    refusals: list[RuleCount]
    proof: Proof | None
    audits: AuditFigures
    appeals: list[AppealCount]
    models: tuple[ModelFacts, ...]
    history: list[VersionChange]


def write_report(site: Site) -> Report:
    """Return the report of a site as things stand now; its figures are at most five minutes old."""
    version = active_version(site)
    policy = policy_of(version)
    figures = live_figures(site)
    promised = promise_of(version)
    return Report(
        format=FORMAT,
        site=site.key,
        name=site.name,
        made_at=timezone.now(),
        terms=_terms(site, version, policy),
        figures=figures,
        settled_share=figures.settled_share,
        refusals=_refusals(policy, figures),
        proof=_proof(promised),
        audits=audit_figures(site, version, promised),
        appeals=_appeals(site, policy, figures.since),
        models=judging_models(),
        history=policy_history(site),
    )


def write_terms(site: Site) -> Terms:
    """Return the rules in force on a site."""
    version = active_version(site)
    return _terms(site, version, policy_of(version))


def _terms(site: Site, version: PolicyVersion | None, policy: Policy) -> Terms:
    rules = policy.rules.items()
    return Terms(
        format=FORMAT,
        site=site.key,
        policy=policy.version,
        active_since=version.created_at if version else None,
        sentence=in_present_language(policy.sentence),
        languages=policy.settings.languages,
        rules=[_rule_terms(code, rule) for code, rule in rules if not rule.background],
        lists=[_list_terms(code, rule) for code, rule in rules if rule.background and not rule.is_on_trial],
        rules_on_trial=sum(rule.is_on_trial for _, rule in rules),
        max_links=policy.settings.max_links,
        appeal_days=policy.settings.appeal_days,
        audit_share=policy.settings.audit_share,
        contact=site.contact_email,
    )


def _rule_terms(code: str, rule: Rule) -> RuleTerms:
    return RuleTerms(
        code=code,
        title=in_present_language(rule.title),
        for_readers=in_present_language(rule.for_readers),
        score=rule.score,
        sections=rule.sections,
        held_from=rule.hold,
        held_in=rule.hold_in,
        rejected_from=rule.reject,
        rejected_in={
            section: reject
            for section in rule.hold_in
            if (reject := rule.reject_from(section)) is not None and reject != rule.reject
        },
        held_if_unchecked=rule.unchecked == "hold",
        left_aside_if_unchecked_for=rule.ignore_unchecked if rule.unchecked == "hold" else (),
        desk=rule.desk,
    )


def _list_terms(code: str, rule: Rule) -> ListTerms:
    return ListTerms(
        code=code,
        title=in_present_language(rule.title),
        for_readers=in_present_language(rule.for_readers),
        score=rule.score,
        sections=rule.sections,
        listed_from=rule.hold,
        listed_in=rule.hold_in,
        desk=rule.desk,
    )


def _refusals(policy: Policy, figures: Figures) -> list[RuleCount]:
    return [
        RuleCount(
            rule=row.rule,
            title=reason_title(policy, row.rule),
            by_machine=row.by_machine,
            by_person=row.by_person,
            total=row.total,
        )
        for row in figures.refusals
    ]


def _appeals(site: Site, policy: Policy, since: datetime) -> list[AppealCount]:
    found = sorted(appeal_figures(site, since).values(), key=lambda row: (-row.appeals, row.rule))
    return [AppealCount(title=reason_title(policy, row.rule), **row._asdict()) for row in found]


def _proof(promised: Promised) -> Proof | None:
    row = promised.certificate
    if row is None or promised.kind != "certified":
        return None
    try:
        document = msgspec.convert(row.document, guarantees.Certificate)
    except msgspec.ValidationError as error:
        logger.error("the certificate of policy version %s cannot be read (%s)", row.policy_version_id, error)  # noqa: TRY400
        return None
    return Proof(certificate=document, made_at=row.created_at, voided_at=row.voided_at, void_cause=row.void_cause)
