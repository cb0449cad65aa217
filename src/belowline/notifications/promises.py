"""Telling those in charge that the machine's promise is broken, and what was done about it."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django_tasks import task

from belowline.accounts.permissions import Action, people_who_may
from belowline.events import tags
from belowline.events.models import Event
from belowline.moderation.models import Certificate, PolicyVersion
from belowline.moderation.watch import promise_in
from belowline.stories.models import Site


@task()
def mail_broken_promise(event_id: int) -> int:
    """Mail the operator and the administrators; return how many addresses it went to."""
    event = Event.objects.get(pk=event_id)
    is_widened = event.tag == tags.POLICY_ACTIVATED
    certificate = Certificate.objects.get(pk=event.data["certificate"] if is_widened else event.subject_id)
    broken = PolicyVersion.objects.select_related("site").get(
        pk=event.data["widens" if is_widened else "policy_version"]
    )
    site = broken.site
    context = {
        "site": site,
        "broken": broken,
        "widened": PolicyVersion.objects.get(pk=event.subject_id) if is_widened else None,
        "acts_still": not is_widened and not PolicyVersion.objects.filter(site=site, pk__gt=broken.pk).exists(),
        "limit": f"{100 * promise_in(certificate).bad_published:.3g} %",
        "data": event.data,
        "base_url": settings.BASE_URL,
    }
    text = render_to_string("notifications/promise_broken.txt", context)
    receivers = in_charge(site)
    for address in receivers:
        subject = f"The machine no longer keeps its promise: {site.name}"
        send_mail(" ".join(subject.split())[:200], text, settings.DEFAULT_FROM_EMAIL, [address])
    return len(receivers)


def in_charge(site: Site) -> list[str]:
    """Return the addresses of the site and of its administrators; of the moderators where there are no others."""
    found = [address for address in (site.contact_email, *_addresses(Action.CHANGE_POLICY, site)) if address]
    return list(dict.fromkeys(found or _addresses(Action.DECIDE, site)))


def _addresses(action: Action, site: Site) -> list[str]:
    return list(people_who_may(action, site=site).order_by("pk").values_list("email", flat=True))
