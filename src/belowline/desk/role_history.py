"""What was given and withdrawn: read out of the events, for the desk's page about people."""

from typing import Any, NamedTuple

from belowline.accounts.models import User
from belowline.accounts.permissions import TITLES, Action, may
from belowline.desk.people_form import place_words
from belowline.events import tags
from belowline.events.models import Event
from belowline.stories.models import Site

LENGTH = 30
READ = 200
"""So many events are looked at: those of other administrators' places are left out."""


class RoleChange(NamedTuple):
    """A role that was given or withdrawn."""

    at: Any
    user: User
    by: str
    """Who did it, in words."""
    is_grant: bool
    title: str
    earlier: str
    """The title of the role before, where there was one."""
    place: str


def role_changes(reader: User) -> list[RoleChange]:
    """Return the last changes at places whose people this administrator manages, the newest first."""
    found = Event.objects.filter(tag__in=(tags.ACCOUNT_ROLE_GRANTED, tags.ACCOUNT_ROLE_WITHDRAWN)).order_by("-id")
    seen = [event for event in found[:READ] if _may_see(reader, event)][:LENGTH]
    people = User.objects.in_bulk([event.subject_id for event in seen] + [event.actor_id for event in seen])
    sites = Site.objects.in_bulk([event.site_id for event in seen])
    return [_change(event, people, sites) for event in seen if event.subject_id in people]


def _may_see(reader: User, event: Event) -> bool:
    return may(reader, Action.MANAGE_PEOPLE, site=_site_id(event), section=event.data.get("section", ""))


def _site_id(event: Event) -> int | None:
    """Return the site of a local role; publishers' tokens once gave roles for everything, whatever the key's site."""
    return None if "key" in event.data and "section" not in event.data else event.site_id


def _change(event: Event, people: dict[int, User], sites: dict[int, Site]) -> RoleChange:
    earlier, site_id = event.data.get("earlier", ""), _site_id(event)
    actor = people.get(event.actor_id or 0)
    site = sites.get(site_id or 0)
    gone = site_id is not None and site is None
    return RoleChange(
        event.created_at,
        people[event.subject_id],
        actor.display_name if actor else "a publisher's token" if "key" in event.data else "the operator",
        event.tag == tags.ACCOUNT_ROLE_GRANTED,
        TITLES[User.Role(event.data["role"])],
        TITLES[User.Role(earlier)] if earlier not in {"", User.Role.READER} else "",
        "a site that is gone" if gone else place_words(site, event.data.get("section", "")),
    )
