"""Notices of illegal content (Regulation (EU) 2022/2065, article 16): what one may be about, and which ones wait."""

from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from belowline.moderation.models import Appeal, Notice

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

EXPLANATION_CHARACTERS = 5_000


class Category(NamedTuple):
    """What a notice may say that a comment is."""

    code: str
    """Kept with the notice."""
    database: str
    """The category of the Transparency Database that it is counted under."""
    title: "StrOrPromise"
    needs_name: bool = True
    """False: nobody has to say who they are (article 16(2)(c))."""


CATEGORIES = (
    Category(
        "ILLEGAL_OR_HARMFUL_SPEECH", "ILLEGAL_OR_HARMFUL_SPEECH", _("Hate speech, defamation or other illegal speech")
    ),
    Category("VIOLENCE", "VIOLENCE", _("Threats, or a call for violence")),
    Category("CYBER_VIOLENCE", "CYBER_VIOLENCE", _("Bullying, harassment or stalking")),
    Category("CYBER_VIOLENCE_AGAINST_WOMEN", "CYBER_VIOLENCE_AGAINST_WOMEN", _("The same, against women")),
    Category(
        "DATA_PROTECTION_AND_PRIVACY_VIOLATIONS",
        "DATA_PROTECTION_AND_PRIVACY_VIOLATIONS",
        _("Somebody's private data, or another breach of privacy"),
    ),
    Category(
        "CHILD_SEXUAL_ABUSE", "PROTECTION_OF_MINORS", _("Sexual abuse of children (no name needed)"), needs_name=False
    ),
    Category("PROTECTION_OF_MINORS", "PROTECTION_OF_MINORS", _("Another danger to children and young people")),
    Category(
        "RISK_FOR_PUBLIC_SECURITY", "RISK_FOR_PUBLIC_SECURITY", _("Terrorism, or another danger to public security")
    ),
    Category("SELF_HARM", "SELF_HARM", _("Encouraging suicide or self-harm")),
    Category("SCAMS_AND_FRAUD", "SCAMS_AND_FRAUD", _("Fraud, phishing or a false identity")),
    Category("CONSUMER_INFORMATION", "CONSUMER_INFORMATION", _("Hidden advertising, or misleading consumers")),
    Category(
        "INTELLECTUAL_PROPERTY_INFRINGEMENTS",
        "INTELLECTUAL_PROPERTY_INFRINGEMENTS",
        _("Copyright, trade mark or another such right"),
    ),
    Category(
        "NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS",
        "NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS",
        _("Unlawful interference with an election"),
    ),
    Category("UNSAFE_AND_PROHIBITED_PRODUCTS", "UNSAFE_AND_PROHIBITED_PRODUCTS", _("Forbidden or dangerous goods")),
    Category("ANIMAL_WELFARE", "ANIMAL_WELFARE", _("Cruelty to animals")),
    Category("NOT_SPECIFIED_NOTICE", "NOT_SPECIFIED_NOTICE", _("Something else that is illegal")),
)
BY_CODE = {category.code: category for category in CATEGORIES}


def database_category(code: str) -> str:
    """Return the database's category for what a notice says, without its prefix."""
    known = BY_CODE.get(code)
    return known.database if known else "NOT_SPECIFIED_NOTICE"


def category_title(code: str) -> str:
    """Return the words for people."""
    known = BY_CODE.get(code)
    return str(known.title) if known else code


def waiting_notices() -> QuerySet[Notice]:
    """Return what waits for a moderator, the oldest first.

    What was accepted waits again when the removal is taken back, or an appeal of the author's changes it.
    """
    changed = Q(result__undone_by__isnull=False) | Q(result__appeal__state=Appeal.State.OVERTURNED)
    waiting = Q(state=Notice.State.OPEN) | Q(changed, state=Notice.State.ACCEPTED)
    return (
        Notice.objects.filter(waiting)
        .select_related("comment__story__site", "comment__author")
        .order_by("created_at", "pk")
    )


def is_waiting(notice: Notice) -> bool:
    """Say whether a notice waits for a moderator."""
    return waiting_notices().filter(pk=notice.pk).exists()
