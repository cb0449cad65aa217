"""The desk's page of digests: one's own by mail, and, for administrators, those that go to Slack and Mattermost."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, may, require, sites_for
from belowline.comments.ids import parse_id
from belowline.desk.doors import allowed, staff_of
from belowline.desk.one_at_a_time import typed_in
from belowline.desk.views import saved_or_said
from belowline.notifications.actions.add_channel import ChannelFields, add_channel
from belowline.notifications.actions.remove_channel import remove_channel
from belowline.notifications.channel_models import Channel
from belowline.notifications.desk_digest import desk_digest
from belowline.notifications.desk_tasks import deliver, is_readable
from belowline.notifications.errors import ChannelError
from belowline.stories.models import Site

TYPED = ("kind", "frequency", "site", "section", "label", "address", "has_excerpts", "tells_escalations")
deciders_only = allowed(Action.DECIDE)
HOOKS = (Channel.Kind.SLACK, Channel.Kind.MATTERMOST)


@require_safe
@never_cache
@deciders_only
def show_digests(request: HttpRequest) -> HttpResponse:
    """Show where digests go, and the forms to add one."""
    return _page(request)


@require_POST
@deciders_only
@saved_or_said
def add(request: HttpRequest) -> HttpResponse:
    """Add one's own mail, or a channel; what is wrong comes back with all that was typed."""
    typed = typed_in(request, TYPED)
    try:
        channel = add_channel(fields=fields_of(typed), by=staff_of(request))
    except ChannelError as error:
        return _page(request, status=422, problem=error.message, typed=typed)
    how = "Digests come by mail" if channel.is_mail else f"Digests go to {channel}"
    said = f"{how}, {channel.get_frequency_display()} at most. Send one now to see whether it arrives."
    messages.success(request, said, extra_tags="good")
    return redirect("desk-digests")


@require_POST
@deciders_only
@saved_or_said
def remove(request: HttpRequest, channel_id: int) -> HttpResponse:
    """Send no more digests there; what is gone already is gone."""
    channel = Channel.objects.select_related("site").filter(pk=channel_id).first()
    if channel is not None:
        remove_channel(channel=channel, by=staff_of(request))
    messages.success(request, "No more digests go there.", extra_tags="good")
    return redirect("desk-digests")


@require_POST
@deciders_only
@saved_or_said
def try_out(request: HttpRequest, channel_id: int) -> HttpResponse:
    """Send one now, whatever the hour, also where nothing waits; say whether it went out."""
    channel = get_object_or_404(Channel.objects.select_related("site", "user"), pk=channel_id)
    by = staff_of(request)
    if channel.user_id != by.pk:
        require(by, Action.MANAGE_PEOPLE, site=channel.site, section=channel.section)
    if not is_readable(channel):
        messages.error(request, "Its owner may not see the desk there any more.", extra_tags="bad")
    elif deliver(channel, desk_digest(channel)):
        messages.success(request, "Sent.", extra_tags="good")
    else:
        channel.refresh_from_db()
        messages.error(request, f"It could not be sent. {channel.problem}", extra_tags="bad")
    return redirect("desk-digests")


def fields_of(typed: dict[str, str]) -> ChannelFields:
    """Return what a form says.

    Raises:
        ChannelError: `channel_error`: the site is not there.
    """
    site = Site.objects.filter(pk=parse_id(typed["site"]) or 0).first() if typed["site"] else None
    if typed["site"] and site is None:
        raise ChannelError("This site is not there any more.")
    return ChannelFields(
        kind=typed["kind"],
        frequency=typed["frequency"],
        site=site,
        section=typed["section"].strip(),
        label=typed["label"].strip(),
        address=typed["address"].strip(),
        has_excerpts=typed["has_excerpts"] == "on",
        tells_escalations=typed["tells_escalations"] == "on",
    )


def host_of(channel: Channel) -> str:
    """Return where a webhook leads, without what makes its address a secret."""
    return urlsplit(channel.address).hostname or ""


def manageable(user: User) -> list[Channel]:
    """Return the channels that somebody may remove, but for their own mail."""
    found = Channel.objects.exclude(user=user).select_related("site", "user").order_by("pk")
    return [channel for channel in found if may(user, Action.MANAGE_PEOPLE, site=channel.site, section=channel.section)]


def _page(request: HttpRequest, *, status: int = 200, **extra: Any) -> HttpResponse:
    user = staff_of(request)
    context = {
        "own": Channel.objects.filter(user=user).select_related("site").first(),
        "others": [(channel, host_of(channel)) for channel in manageable(user)],
        "mail_sites": sites_for(user, Action.DECIDE),
        "may_have_all": may(user, Action.DECIDE),
        "hook_sites": sites_for(user, Action.MANAGE_PEOPLE),
        "may_send_all": may(user, Action.MANAGE_PEOPLE),
        "hooks": [(kind.value, kind.label) for kind in HOOKS],
        "frequencies": Channel.Frequency.choices,
        **extra,
    }
    return render(request, "desk/digests.html", context, status=status)
