"""Measures against an account, and what their subjects say against them."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from belowline.comments.models import Comment
from belowline.stories.models import Site


class SanctionQuerySet(models.QuerySet["Sanction"]):
    """Measures against accounts."""

    def acting(self, now: datetime | None = None) -> "SanctionQuerySet":
        """Leave out what is lifted, over, or not begun; and warnings that were read."""
        moment = now or timezone.now()
        begun = self.filter(lifted_at=None, acknowledged_at=None, begins_at__lte=moment)
        return begun.filter(models.Q(ends_at=None) | models.Q(ends_at__gt=moment))

    def at(self, site: Site) -> "SanctionQuerySet":
        """Leave out what holds on other sites only."""
        return self.filter(models.Q(site=site) | models.Q(site=None))


class Sanction(models.Model):
    """A measure against an account: it names a rule, says why in words for its reader, and has an end."""

    class Kind(models.TextChoices):
        """What is done, the mildest first."""

        WARN = "warn", _("Warning")
        PREMODERATE = "premoderate", _("Pre-moderation")
        SUSPEND = "suspend", _("Suspension")
        BAN = "ban", _("Ban")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sanctions")
    kind = models.CharField(max_length=15, choices=Kind)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="sanctions")
    """Where it holds; None: on all sites of this server."""
    rule = models.CharField(max_length=100)
    title = models.CharField(max_length=300)
    """The rule's title as it stood then."""
    explanation = models.TextField()
    """The rule as readers were told of it then."""
    policy = models.CharField(max_length=150)
    """The version of the policy that has the rule."""
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, null=True, related_name="sanctions")
    """The comment that led to it, where it was one."""
    words = models.TextField()
    """Why, in words for the reader."""
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begins_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True)
    """None: a warning, until it is read; or a ban for good."""
    acknowledged_at = models.DateTimeField(null=True)
    """When a warning was read."""
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_because = models.TextField(blank=True)
    """Why it was lifted, in words for the reader."""
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SanctionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["user", "-id"]),
            models.Index(fields=["kind", "-id"]),
            # What every post asks: of most accounts there is nothing.
            models.Index(
                fields=["user", "ends_at"],
                condition=models.Q(lifted_at=None, acknowledged_at=None),
                name="sanctions_that_may_act",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_acting(self) -> bool:
        """Whether it holds now."""
        is_over = self.ends_at is not None and self.ends_at <= timezone.now()
        return self.lifted_at is None and self.acknowledged_at is None and not is_over

    @property
    def is_over(self) -> bool:
        """Whether it ran out, or was read, without being lifted."""
        return self.lifted_at is None and not self.is_acting

    @property
    def stops_writing(self) -> bool:
        """Whether nothing can be posted under it."""
        return self.kind in {self.Kind.SUSPEND, self.Kind.BAN}


class SanctionAppeal(models.Model):
    """Somebody contests a measure against their account: once, and another person decides."""

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("waiting")
        UPHELD = "upheld", _("the decision stands")
        OVERTURNED = "overturned", _("the decision was changed")

    sanction = models.OneToOneField(Sanction, on_delete=models.PROTECT, related_name="appeal")
    text_source = models.TextField(blank=True)
    """What the reader says about it: untrusted."""
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    """Why it was upheld or overturned, in words for the reader."""
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "created_at"])]

    def __str__(self) -> str:
        return f"appeal against sanction {self.sanction_id}"
