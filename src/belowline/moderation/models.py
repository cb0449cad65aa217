"""Policies in their versions, and decisions: rows that are added, never changed."""

from typing import Any

from django.conf import settings
from django.db import models

from belowline.comments.models import Comment, Revision
from belowline.engine.policy import Policy, parse_policy
from belowline.stories.models import Site


class PolicyVersion(models.Model):
    """A policy's text as it was activated for a site; the newest one acts."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="policies")
    version = models.CharField(max_length=150)
    text = models.TextField()
    activated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["site", "-id"])]

    def __str__(self) -> str:
        return self.version

    def parse(self) -> Policy:
        """Return the policy; the text was checked when it was activated."""
        return parse_policy(self.text)


class Decision(models.Model):
    """What was decided about a comment, by the engine or a person, with its reasons."""

    class Maker(models.TextChoices):
        """Who decided."""

        ENGINE = "engine", "by machine"
        PERSON = "person", "by a person"

    class Outcome(models.TextChoices):
        """What was decided."""

        PUBLISH = "publish", "publish"
        HOLD = "hold", "hold"
        REJECT = "reject", "reject"

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="decisions")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome)
    maker = models.CharField(max_length=10, choices=Maker)
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reasons = models.JSONField(default=list)
    """[{rule, title, signal, score, threshold, start, end, explanation}], the gravest first."""
    noted = models.JSONField(default=list)
    """Background rules that were met."""
    scores = models.JSONField(default=dict)
    """Every score: {name: {value, cause, spans, evidence}}; empty for a person's decision."""
    language = models.CharField(max_length=10, blank=True)
    policy = models.CharField(max_length=150)
    model = models.CharField(max_length=200, blank=True)
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="undone_by")
    """The decision that this one takes back."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["comment", "-id"]), models.Index(fields=["maker", "-created_at"])]

    def __str__(self) -> str:
        return f"{self.outcome} comment {self.comment_id}"

    @property
    def first_reason(self) -> dict[str, Any] | None:
        """The gravest reason, or None."""
        return self.reasons[0] if self.reasons else None
