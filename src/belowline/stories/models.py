"""Sites, and the stories that discussions stand under."""

import hashlib
import secrets
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from belowline.engine import submission


def _new_token() -> str:
    return secrets.token_urlsafe(32)


class Site(models.Model):
    """A publication: its name, where its pages live, and its words."""

    key = models.SlugField(max_length=50, unique=True)
    name = models.CharField(max_length=100)
    domains = models.JSONField(default=list)
    """Host names whose pages may show the comments and be read for their text; subdomains included."""
    contact_email = models.EmailField(blank=True)
    language = models.CharField(max_length=10, blank=True)
    """Of its readers' pages, where neither the embed nor the reader asks for another; empty: as its policy says."""
    theme = models.JSONField(default=dict, blank=True)
    """The paper's own look: {custom property without dashes: value}, checked when it is saved."""
    requires_verified_email = models.BooleanField(default=True)
    """Whether an account must have confirmed its address before its first comment."""
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    def allows_host(self, host: str) -> bool:
        """Say whether a host name (without port) is one of the site's, or a subdomain of one."""
        host = host.lower().rstrip(".")
        return any(host == domain or host.endswith(f".{domain}") for domain in self.domains)


class Mode(models.TextChoices):
    """How comments come to be seen."""

    STANDARD = "standard", gettext_lazy("most appear at once")
    PREMODERATED = "premoderated", gettext_lazy("a moderator reads each one first")
    CLOSED = "closed", gettext_lazy("no new comments")


class ClosedReason(models.TextChoices):
    """Why a discussion is closed, as readers are told."""

    LEGAL = "legal", gettext_lazy("for legal reasons")
    ABUSE = "abuse", gettext_lazy("because too many comments broke the rules")
    CAPACITY = "capacity", gettext_lazy("because we cannot moderate it well enough now")
    AGE = "age", gettext_lazy("because the article is no longer new")


class Section(models.Model):
    """How a section's stories are discussed, where the story itself does not say; the unnamed one is the site's."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="sections")
    name = models.CharField(max_length=100, blank=True)
    """As stories name it; empty: every section without a row of its own."""
    mode = models.CharField(max_length=15, choices=Mode, blank=True)
    """Empty: as for the whole site."""
    closed_reason = models.CharField(max_length=10, choices=ClosedReason, blank=True)
    closes_after_hours = models.PositiveIntegerField(null=True, blank=True)
    """From the story's publication; None: as for the whole site; 0: discussions stay open."""
    slow_seconds = models.PositiveIntegerField(null=True, blank=True)
    """The least time between two comments of one author under a story; None: as for the whole site; 0: none."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "name"], name="section_once_per_site")]

    def __str__(self) -> str:
        return self.name or "every section"


class PublisherKey(models.Model):
    """A key with which the publisher's system tells us of stories; only its hash is kept."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="publisher_keys")
    label = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.label

    @classmethod
    def issue(cls, site: Site, label: str) -> tuple["PublisherKey", str]:
        """Create a key; return the row and the key itself, which cannot be shown again."""
        token = _new_token()
        return cls.objects.create(site=site, label=label, digest=cls.hash(token)), token

    @staticmethod
    def hash(token: str) -> str:
        """Return the SHA-256 under which a key is kept."""
        return hashlib.sha256(token.encode()).hexdigest()

    @classmethod
    def find(cls, token: str) -> "PublisherKey | None":
        """Return the live key with this text, or None."""
        found = cls.objects.select_related("site").filter(digest=cls.hash(token), revoked_at=None)
        return found.first()


class Story(models.Model):
    """The article that a discussion stands under; its text is kept for the topic judgement only."""

    class TextState(models.TextChoices):
        """Where the text came from, or why there is none."""

        GIVEN = "given", "given by the publisher"
        FETCHED = "fetched", "read from the page"
        WAITING = "waiting", "to be read from the page"
        FAILED = "failed", "could not be read"

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="stories")
    key = models.CharField(max_length=200)
    """The publisher's own name for the story."""
    url = models.URLField(max_length=1000, blank=True)
    title = models.CharField(max_length=500, blank=True)
    standfirst = models.TextField(blank=True)
    body = models.TextField(blank=True)
    section = models.CharField(max_length=100, blank=True)
    text_state = models.CharField(max_length=10, choices=TextState, default=TextState.WAITING)
    text_problem = models.CharField(max_length=300, blank=True)
    """Why the text could not be read, in words for the operator."""
    is_open = models.BooleanField(default=True)
    judges_topic = models.BooleanField(default=True)
    """False: no comment under this story is held as off topic (an editor switched it off)."""
    mode = models.CharField(max_length=15, choices=Mode, blank=True)
    """Empty: as its section says."""
    closed_reason = models.CharField(max_length=10, choices=ClosedReason, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    """None: as its section says."""
    slow_seconds = models.PositiveIntegerField(null=True, blank=True)
    """The least time between two comments of one author here; None: as its section says."""
    takes_replies = models.BooleanField(default=True)
    message = models.CharField(max_length=500, blank=True)
    """A line of the editors' above the discussion; plain text."""
    author_emails = models.JSONField(default=list, blank=True)
    """Accounts with these addresses (in lower case) are badged as the article's authors."""
    published_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(auto_now_add=True)

    thread_version = models.PositiveBigIntegerField(default=1)
    """Grows with every change that readers can see: cached pages are exact."""
    purged_version = models.PositiveBigIntegerField(default=1)
    """The thread version of which shared caches were told last: belowline.stories.purging."""
    comment_count = models.PositiveIntegerField(default=0)
    """Published comments."""

    class Meta:
        verbose_name_plural = "stories"
        constraints = [models.UniqueConstraint(fields=["site", "key"], name="story_key_once_per_site")]
        indexes = [
            models.Index(fields=["site", "-published_at"]),
            models.Index(
                fields=["id"],
                name="story_to_purge",
                condition=models.Q(thread_version__gt=models.F("purged_version")),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.key

    def bump(self, **counts: Any) -> None:
        """Raise the thread version, in the transaction of what changed; `counts` adds to counters."""
        changes = {name: models.F(name) + step for name, step in counts.items()}
        type(self).objects.filter(pk=self.pk).update(thread_version=models.F("thread_version") + 1, **changes)

    def for_engine(self) -> submission.Story | None:
        """Return the story as the engine reads it; None while nothing of it is known but that topics are judged."""
        if not self.title and self.judges_topic:
            return None
        return submission.Story(
            title=self.title,
            standfirst=self.standfirst,
            body=self.body,
            section=self.section,
            judges_topic=self.judges_topic,
        )


class StoryReading(models.Model):
    """What the topic signal computed of a story's text, kept so that each text is read once."""

    story = models.OneToOneField(Story, on_delete=models.CASCADE, primary_key=True, related_name="reading")
    model = models.CharField(max_length=100)
    """The version of the model that computed it."""
    digest = models.CharField(max_length=64)
    """SHA-256 of the text that was read: another one is read anew."""
    data = models.BinaryField()
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"reading of story {self.story_id}"
