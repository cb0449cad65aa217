"""A member of staff looks at private data: who, at whose, at what, and when."""

from django.db.models import Model

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require, require_somewhere
from belowline.events import tags
from belowline.events.models import Event, record_event

TAGS = {"user": tags.ACCOUNT_LOOKED_AT, "notice": tags.NOTICE_LOOKED_AT}
"""By the name of the model that the data is about."""
MAX_WHAT_CHARACTERS = 50


def log_look(*, by: User, about: Model, what: str, site: Model | int | None = None, section: str = "") -> Event:
    """Record the look, before anything is shown. `what` is a word or two for the log's page: "e-mail address", "notes".

    `about` is the account, or the notice, whose data it is. With a site, the role must hold there; without one,
    somewhere: accounts belong to no site.

    Raises:
        PermissionDenied: no role that sees private data.
        ValueError: nothing like that has a log, or `what` is none of 1 to 50 characters.
    """
    if site is None:
        require_somewhere(by, Action.SEE_PRIVATE)
    else:
        require(by, Action.SEE_PRIVATE, site=site, section=section)
    tag = TAGS.get(about._meta.model_name or "")  # noqa: SLF001 - Django's documented way
    if tag is None or not 0 < len(what) <= MAX_WHAT_CHARACTERS:
        raise ValueError("log a look at an account or a notice, in a word or two")
    site_id = site.pk if isinstance(site, Model) else site
    return record_event(tag, subject_id=about.pk, site_id=site_id, actor_id=by.pk, what=what)
