"""Handover notes: what one shift leaves to the next, read at the desk until somebody ticks it off."""

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, sites_for
from belowline.stories.models import Site


class Handover(models.Model):
    """A note for the colleagues who come next."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, null=True, related_name="+")
    """None: it concerns every site."""
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text_source = models.TextField()
    """Plain text: untrusted."""
    created_at = models.DateTimeField(auto_now_add=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    """Who ticked it off; None: it still stands."""
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["closed_at", "-id"])]

    def __str__(self) -> str:
        return f"handover note {self.pk}"


def handovers_for(user: User) -> QuerySet[Handover]:
    """Return the notes that concern somebody: those for every site, and for sites where they see the desk."""
    sites = sites_for(user, Action.SEE_DESK)
    rows = Handover.objects.filter(Q(site=None) | Q(site__in=sites))
    return rows.select_related("site", "author", "closed_by").order_by("-id")


def open_handovers(user: User) -> QuerySet[Handover]:
    """Return the notes for somebody that nobody has ticked off, the newest first."""
    return handovers_for(user).filter(closed_at=None)
