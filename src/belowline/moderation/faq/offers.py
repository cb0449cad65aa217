"""What this server offers: the FAQ promises a feature only where the code has it."""

from functools import cache
from importlib.util import find_spec
from typing import NamedTuple

from django.urls import get_resolver

ADDRESSES = {
    "appeals": "submit-appeal",
    "notices": "give-notice",
    "picks": "pick-comment",
    "explanations": "explain-relation",
    "recommending": "recommend-comment",
    "muting": "mute-author",
    "feeds": "story-feed",
    "embeds": "comment-embed",
    "passkeys": "mfa_login_webauthn",
    "mail_settings": "reader-settings",
    "exporting": "export-mine",
    "closing": "close-account",
}
"""Feature -> the name of the address that readers use for it."""
MODULES = {
    "audits": "belowline.moderation.actions.review_audit",
    "nudge": "belowline.moderation.actions.nudge_author",
    "resubmission": "belowline.comments.resubmission",
    "editing": "belowline.moderation.actions.edit_comment",
    "reports": "belowline.moderation.actions.report_comment",
}
"""Feature -> the module without which it is not there."""


class Offers(NamedTuple):
    """What readers can count on, each yes or no."""

    appeals: bool
    notices: bool
    picks: bool
    explanations: bool
    """An author may say how a comment belongs here that was held as off topic."""
    recommending: bool
    muting: bool
    feeds: bool
    """Whoever wants to may follow a discussion in a feed reader."""
    embeds: bool
    """Single comments may be shown on other sites."""
    passkeys: bool
    mail_settings: bool
    """Readers say how often they want mail, kind by kind."""
    exporting: bool
    closing: bool
    """Readers may delete their account themselves."""
    audits: bool
    nudge: bool
    resubmission: bool
    editing: bool
    reports: bool


def offers() -> Offers:
    """Return what is there: looked up in the addresses and the modules of this very installation."""
    found = {name: has_address(address) for name, address in ADDRESSES.items()}
    return Offers(**found, **{name: has_module(module) for name, module in MODULES.items()})


def has_address(name: str) -> bool:
    """Say whether some address has this name."""
    return name in get_resolver().reverse_dict


@cache
def has_module(name: str) -> bool:
    """Say whether the installation has this module; looked up once in a process."""
    return find_spec(name) is not None
