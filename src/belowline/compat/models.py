"""API keys with their quota and use, the scores that callers suggested, and connections to Coral."""

import hashlib
import secrets
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models

from belowline.stories.models import Site

KEY_PREFIX = "bl"
SHOWN_CHARACTERS = 8


class ApiKey(models.Model):
    """A key for the Perspective door; only its hash is kept."""

    class Scale(models.TextChoices):
        """What the numbers mean."""

        PERSPECTIVE = "perspective", "Perspective's old scale: thresholds stay as they were"
        CALIBRATED = "calibrated", "the share of raters who would agree"

    label = models.CharField(max_length=100)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="api_keys")
    digest = models.CharField(max_length=64, unique=True)
    shown = models.CharField(max_length=SHOWN_CHARACTERS + 1)
    """The first characters of the key, for people to tell keys apart."""
    scale = models.CharField(max_length=12, choices=Scale, default=Scale.PERSPECTIVE)
    languages = models.JSONField(default=list)
    """ISO 639-1 codes of the texts to expect, the main one first; others are detected only where that is sure."""
    quota_per_minute = models.PositiveIntegerField(default=6_000, validators=[MinValueValidator(1)])
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.label

    @staticmethod
    def new_token() -> str:
        """Return the text of a new key."""
        return f"{KEY_PREFIX}_{secrets.token_urlsafe(24)}"

    @staticmethod
    def hash(token: str) -> str:
        """Return the SHA-256 under which a key is kept."""
        return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()

    @classmethod
    def find(cls, token: str) -> "ApiKey | None":
        """Return the live key with this text, or None."""
        return cls.objects.filter(digest=cls.hash(token), revoked_at=None).first()


class KeyMinute(models.Model):
    """How much of a key's quota has been handed out in the minute that runs; one row a key."""

    key = models.OneToOneField(ApiKey, on_delete=models.CASCADE, primary_key=True, related_name="minute")
    minute = models.BigIntegerField(default=0)
    """Minutes since 1970."""
    granted = models.PositiveIntegerField(default=0)
    """Comments that processes have taken leave to score in that minute; never above the quota."""

    def __str__(self) -> str:
        return f"minute {self.minute} of key {self.key_id}"


class KeyDay(models.Model):
    """What a key was used for on one day (UTC)."""

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    calls = models.PositiveBigIntegerField(default=0)
    comments = models.PositiveBigIntegerField(default=0)
    """Scored or suggested; a batch counts each of its comments."""
    errors = models.PositiveBigIntegerField(default=0)
    """Calls answered with an error, those over the quota left out."""
    refused = models.PositiveBigIntegerField(default=0)
    """Calls over the quota."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "day"], name="key_day_once")]

    def __str__(self) -> str:
        return f"{self.day} of key {self.key_id}"


class Suggestion(models.Model):
    """What somebody says that a comment should have scored; kept to learn from, and trains nothing by itself."""

    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, related_name="suggestions")
    community = models.CharField(max_length=500, blank=True)
    client_token = models.CharField(max_length=500, blank=True)
    text = models.TextField()
    context = models.JSONField(default=dict)
    attribute_scores = models.JSONField()
    """As sent: {name: {summaryScore: {value}, spanScores: [...]}}; offsets in UTF-16 units."""
    languages = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "client_token"],
                condition=~models.Q(client_token=""),
                name="suggestion_once_per_token",
            )
        ]
        indexes = [models.Index(fields=["key", "community", "id"])]

    def __str__(self) -> str:
        return f"suggestion {self.pk}"


class CoralConnection(models.Model):
    """A Coral that asks about each comment, and how to ask it back."""

    site = models.OneToOneField(Site, on_delete=models.PROTECT, related_name="coral")
    """Whose domains its stories lie on, and whose policy decides."""
    secrets = models.JSONField(default=list)
    """Signing secrets of the phase, the newest first; two while one is being rolled. Coral needs them in clear."""
    coral_url = models.URLField(blank=True)
    """Where Coral itself answers, to read parent comments from; empty: parents are not read."""
    coral_token = models.CharField(max_length=500, blank=True)
    """A personal access token of Coral's API."""
    budget_ms = models.PositiveIntegerField(default=150)
    """How long an answer may wait for the story's page and the parent; less than the phase's time-out."""
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"Coral of {self.site.key}"


def use_of_days(key: ApiKey, days: int = 30) -> list[dict[str, Any]]:
    """Return the use of the last days with any, the newest first."""
    rows = key.days.order_by("-day")[:days]
    return [dict(row) for row in rows.values("day", "calls", "comments", "errors", "refused")]
