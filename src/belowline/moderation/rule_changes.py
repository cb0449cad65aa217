"""What changed from one version of the policy to the next, in sentences for readers, in the language of the page.

Article 14(2) of Regulation (EU) 2022/2065 has significant changes of the terms made known; here each one is.
Rules on trial concern nobody and are left out; one that begins or ceases to act is a new rule, or one less.

engine.policy_changes has the differences for those who run the comments. It cannot serve here: it names the words of
lists, rules on trial and guidance, which readers must not see, and it is in English; nor this there, as it leaves
these out.
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec
from django.utils.translation import gettext, ngettext

from belowline.engine.policy import Policy, Rule, Settings
from belowline.moderation.engine import policy_of
from belowline.moderation.faq.languages import language_names
from belowline.moderation.faq.words import (
    causes_words,
    desk_words,
    listed,
    seconds_or_less,
    section_words,
    share,
    threshold,
)
from belowline.moderation.models import Certificate, PolicyVersion
from belowline.moderation.shipped_words import in_present_language
from belowline.stories.models import Site

SHOWN_VERSIONS = 30


class CertificateState(msgspec.Struct, frozen=True):
    """Whether a version has a certificate, and whether it still holds."""

    voided_at: datetime | None
    void_cause: str


class VersionChange(msgspec.Struct, frozen=True):
    """A version of the policy, and what it changed."""

    version: str
    at: datetime
    changes: list[str]
    """Sentences in the present language; empty: nothing that concerns readers."""
    certificate: CertificateState | None
    is_active: bool


def policy_history(site: Site) -> list[VersionChange]:
    """Return the last versions that acted on a site, the newest first, each compared with the one before it."""
    rows = list(PolicyVersion.objects.filter(site=site).defer("text").order_by("-id")[: SHOWN_VERSIONS + 1])
    shown = rows[:SHOWN_VERSIONS]
    states = {
        row.policy_version_id: CertificateState(row.voided_at, row.void_cause)
        for row in Certificate.objects.filter(policy_version__in=shown).defer("document")
    }
    before = [*rows[1:], None]
    return [
        VersionChange(
            row.version, row.created_at, changes(policy_of(earlier), policy_of(row)), states.get(row.pk), row is rows[0]
        )
        for row, earlier in zip(shown, before, strict=False)
    ]


def changes(before: Policy, after: Policy) -> list[str]:
    """Return every difference that concerns readers, as sentences in the present language."""
    return [*_head(before, after), *_rules(before, after), *_settings(before.settings, after.settings)]


def told(policy: Policy) -> dict[str, Rule]:
    """Return the rules that readers are told of: all but those on trial."""
    return {code: rule for code, rule in policy.rules.items() if not rule.is_on_trial}


def _head(before: Policy, after: Policy) -> Iterator[str]:
    if before.sentence != after.sentence:
        yield gettext("The sentence under the articles now is: “%(sentence)s”") % {
            "sentence": in_present_language(after.sentence)
        }


def _rules(before: Policy, after: Policy) -> Iterator[str]:
    old, new = told(before), told(after)
    for code in (code for code in new if code not in old):
        yield gettext("New rule: “%(title)s”. %(words)s") % {
            "title": in_present_language(new[code].title),
            "words": in_present_language(new[code].for_readers),
        }
    for code in (code for code in old if code not in new):
        yield gettext("The rule “%(title)s” no longer acts.") % {"title": in_present_language(old[code].title)}
    for code in new:
        if code in old:
            yield from _rule(old[code], new[code])


def _rule(old: Rule, new: Rule) -> Iterator[str]:
    title = {"title": in_present_language(new.title)}
    if old.title != new.title:
        yield gettext("The rule “%(old)s” is now called “%(title)s”.") % {
            "old": in_present_language(old.title),
            **title,
        }
    if old.for_readers != new.for_readers:
        yield gettext("“%(title)s” is worded anew: %(words)s") % {
            "words": in_present_language(new.for_readers),
            **title,
        }
    if old.explanation != new.explanation:
        yield gettext("“%(title)s” is explained to authors in other words.") % title
    if old.for_moderators != new.for_moderators:
        yield gettext("“%(title)s”: moderators have new guidance.") % title
    if old.score != new.score:
        yield gettext("“%(title)s” is checked by another measure.") % title
    if old.sections != new.sections:
        where = listed(list(new.sections)) or gettext("all sections")
        yield gettext("“%(title)s” applies in: %(where)s.") % {"where": where, **title}
    if old.statement != new.statement:
        yield gettext("“%(title)s” is named in other terms in statements of reasons.") % title
    if (old.background, old.desk) != (new.background, new.desk):
        yield _reader(new)
    if (old.unchecked, old.ignore_unchecked) != (new.unchecked, new.ignore_unchecked):
        yield _unchecked(new)
    yield from _thresholds(old, new)


def _reader(new: Rule) -> str:
    """Return who reads now what the rule finds, and whether it appears meanwhile."""
    shown = {"title": in_present_language(new.title), "desk": desk_words(new.desk) or gettext("our moderators")}
    if new.background:
        return gettext("“%(title)s” holds nothing: what it finds appears, and is read by %(desk)s.") % shown
    return gettext("What “%(title)s” holds is read by %(desk)s.") % shown


def _unchecked(new: Rule) -> str:
    shown = {"title": in_present_language(new.title), "causes": causes_words(new.ignore_unchecked)}
    if new.unchecked != "hold":
        return gettext("“%(title)s”: what cannot be checked is left aside.") % shown
    if new.ignore_unchecked:
        return gettext("“%(title)s”: what cannot be checked, a person looks at, but not %(causes)s.") % shown
    return gettext("“%(title)s”: what cannot be checked, a person looks at.") % shown


def _thresholds(old: Rule, new: Rule) -> Iterator[str]:
    title = {"title": in_present_language(new.title)}
    if old.hold != new.hold:
        shown = {"old": threshold(old.hold), "new": threshold(new.hold), **title}
        if new.background:
            yield gettext("“%(title)s” finds comments from %(new)s instead of %(old)s.") % shown
        elif new.hold > old.hold:
            yield gettext("“%(title)s” holds fewer comments: from %(new)s instead of %(old)s.") % shown
        else:
            yield gettext("“%(title)s” holds more comments: from %(new)s instead of %(old)s.") % shown
    if old.hold_in != new.hold_in:
        places = [f"{section_words(section)} {threshold(hold)}" for section, hold in new.hold_in.items()]
        shown = {"places": listed(places) or gettext("no section"), **title}
        yield gettext("“%(title)s” has thresholds of its own in: %(places)s.") % shown
    if old.reject == new.reject:
        return
    if new.reject is None:
        yield gettext("Software no longer rejects by “%(title)s”.") % title
    else:
        yield gettext("Software rejects by “%(title)s” from %(new)s.") % {"new": threshold(new.reject), **title}


def _settings(old: Settings, new: Settings) -> Iterator[str]:
    for field in msgspec.structs.fields(Settings):
        if getattr(old, field.name) != getattr(new, field.name):
            yield _setting(field.name, new)


def _setting(name: str, new: Settings) -> str:
    """Return what a changed setting is now; lists of words are told by their length."""
    sentences = {
        "languages": lambda: gettext("The languages are: %(value)s.") % {"value": language_names(new.languages)},
        "max_links": lambda: (
            ngettext("A comment may hold %(count)d link.", "A comment may hold %(count)d links.", new.max_links)
            % {"count": new.max_links}
        ),
        "own_domains": lambda: (
            gettext("Links that do not count lead to: %(value)s.")
            % {"value": listed(list(new.own_domains)) or gettext("nowhere")}
        ),
        "banned_words": lambda: (
            ngettext(
                "The list of words that are not published holds %(count)d term.",
                "The list of words that are not published holds %(count)d terms.",
                len(new.banned_words),
            )
            % {"count": len(new.banned_words)}
        ),
        "watched_words": lambda: (
            ngettext(
                "The list of words that a person checks holds %(count)d term.",
                "The list of words that a person checks holds %(count)d terms.",
                len(new.watched_words),
            )
            % {"count": len(new.watched_words)}
        ),
        "signal_timeout_ms": lambda: (
            gettext("A check may take %(value)s.") % {"value": seconds_or_less(new.signal_timeout_ms)}
        ),
        "audit_share": lambda: (
            gettext("People review %(value)s of the software’s decisions.") % {"value": share(new.audit_share)}
        ),
        "appeal_days": lambda: gettext("A decision can be contested for %(count)d days.") % {"count": new.appeal_days},
        "nudge": lambda: (
            gettext("Authors are told before they post that a comment would be held.")
            if new.nudge
            else gettext("Authors are no longer told before they post that a comment would be held.")
        ),
        "region": lambda: gettext("Telephone numbers are read as in: %(value)s.") % {"value": new.region},
    }
    known = sentences.get(name)
    return known() if known else gettext("The setting “%(name)s” was changed.") % {"name": name}
