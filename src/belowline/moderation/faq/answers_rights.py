"""What the answers about reading, taking part and rights are made of."""

from typing import Any

from belowline.moderation.faq.facts import Facts, rule_facts
from belowline.moderation.faq.languages import language_names

Context = dict[str, Any]


def reply_follow_mute(facts: Facts) -> Context:
    """How deep replies are set in, and what else readers can do with each other's comments."""
    return {
        "levels": facts.limits.reply_levels,
        "recommending": facts.offers.recommending,
        "muting": facts.offers.muting,
    }


def picks(facts: Facts) -> Context:
    """Whether editors can pick comments."""
    return {"picks": facts.offers.picks}


def report(facts: Facts) -> Context:
    """Whether there is a button, whether reports can hide, whether there is a form for the illegal, and the address."""
    return {
        "reports": facts.offers.reports,
        "hides": facts.limits.hiding_count,
        "notices": facts.offers.notices,
        "contact": facts.site.contact_email,
    }


def illegal_content(facts: Facts) -> Context:
    """Whether there is a form, and the address."""
    return {"notices": facts.offers.notices, "contact": facts.site.contact_email}


def e_mails(facts: Facts) -> Context:
    """What there is to be told by e-mail."""
    return {
        "appeals": facts.offers.appeals,
        "notices": facts.offers.notices,
        "reports": facts.offers.reports,
        "mail_settings": facts.offers.mail_settings,
    }


def edit_delete_export(facts: Facts) -> Context:
    """Whether comments can be edited and for how long, data taken along and the account deleted, and whom to ask."""
    minutes = facts.limits.edit_minutes
    return {
        "editing": facts.offers.editing and minutes > 0,
        "minutes": minutes,
        "exporting": facts.offers.exporting,
        "closing": facts.offers.closing,
        "contact": facts.site.contact_email,
    }


def stored(facts: Facts) -> Context:
    """What is kept besides comments, for how long a sign-in lasts, and whom to ask."""
    return {
        "session_days": facts.limits.session_days,
        "deleted_days": facts.limits.deleted_days,
        "refused_days": facts.limits.refused_days,
        "decisions_days": facts.limits.decisions_days,
        "mail_settings": facts.offers.mail_settings,
        "closing": facts.offers.closing,
        "appeals": facts.offers.appeals,
        "notices": facts.offers.notices,
        "explanations": facts.offers.explanations,
        "passkeys": facts.offers.passkeys,
        "nudge": facts.offers.nudge and facts.policy.settings.nudge,
        "contact": facts.site.contact_email,
    }


def contact(facts: Facts) -> Context:
    """The address, the languages in which one can write to it, and what may stand in a comment instead."""
    routed = [rule for rule in rule_facts(facts.told.items()) if rule.desk]
    return {
        "contact": facts.site.contact_email,
        "languages": language_names(facts.policy.settings.languages),
        "routed": routed,
    }


def transparency(facts: Facts) -> Context:
    """Which policy acts, and since when."""
    return {"version": facts.policy.version, "since": facts.active_since}


def search_engines(facts: Facts) -> Context:
    """Where else comments may be seen."""
    return {"feeds": facts.offers.feeds, "embeds": facts.offers.embeds}
