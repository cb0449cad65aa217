"""What readers wrote, in every state, with its history."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from belowline.accounts.models import Grant, User
from belowline.comments.ranking import best_rank
from belowline.stories.models import Story

RANKED = ("constructiveness", "best_rank", "is_digression")
"""By which pages order and fold comments."""


class Comment(models.Model):
    """One comment under a story, or a reply to one."""

    class Status(models.TextChoices):
        """Where a comment stands."""

        PENDING = "pending", _("being checked")
        PUBLISHED = "published", _("published")
        HELD = "held", _("waiting for a moderator")
        REJECTED = "rejected", _("not published")
        REMOVED = "removed", _("removed by a moderator")
        DELETED = "deleted", _("deleted by its author")

    TOMBSTONES = (Status.REMOVED, Status.DELETED)
    """Readers see a line in their place, where replies stand below."""

    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replies")
    root = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="thread")
    """The comment that the thread began with; None for that comment itself."""
    depth = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    text_source = models.TextField()
    """As the author wrote it: untrusted, never shown without escaping."""
    body_html = models.TextField()
    """Rendered once, at write, and sanitised: safe to show."""
    relation_source = models.CharField(max_length=500, blank=True)
    """How it belongs to the article, in its author's words, where the engine saw no relation: untrusted."""
    resubmits = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="resubmission")
    """The rejected comment that this one replaces; each may be replaced once."""
    idempotency_key = models.CharField(max_length=64)
    """Chosen by the author's page: the same key never posts twice."""
    recommend_count = models.PositiveIntegerField(default=0)
    thread_count = models.PositiveIntegerField(default=0)
    """Of the comment that a thread began with: how many published replies stand below, at any depth."""
    constructiveness = models.FloatField(default=0.0)
    """How much its text adds to a discussion, in [0, 1]: comments.ranking says how it is measured."""
    best_rank = models.FloatField(default=0.0)
    """Where the order "best" puts a thread: the higher, the further up."""
    is_digression = models.BooleanField(default=False)
    """Folded for readers: it leads away from the article, and breaks no rule."""
    edited_at = models.DateTimeField(null=True)
    """When its author last changed it; None: never."""
    text_key = models.CharField(max_length=64, db_index=True)
    """Equal for texts that are the same but for spelling tricks."""
    band_0 = models.IntegerField(db_index=True)
    """band_0 to band_3: quarters of the text's 64-bit fingerprint; near copies share at least one."""
    band_1 = models.IntegerField(db_index=True)
    band_2 = models.IntegerField(db_index=True)
    band_3 = models.IntegerField(db_index=True)
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(auto_now=True)

    first_revision: "Revision | None" = None
    """Where it was written with this very object; None: it is to be read."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["author", "idempotency_key"], name="comment_posted_once"),
            # One for all: SQLite copies the table for each.
            models.CheckConstraint(
                # What nothing is compared with is not false, so it is said twice that there is something.
                condition=(
                    models.Q(parent=None, root=None)
                    | models.Q(parent__isnull=False, root__isnull=False)
                    & models.Q(parent__lt=models.F("id"), root__lt=models.F("id"))
                )
                & models.Q(status__in=["pending", "published", "held", "rejected", "removed", "deleted"]),
                name="comment_is_sound",
            ),
        ]
        indexes = [
            models.Index(fields=["story", "status", "created_at"]),
            models.Index(fields=["story", "parent", "created_at"]),
            models.Index(fields=["story", "parent", "-recommend_count"]),
            models.Index(fields=["story", "parent", "-thread_count"]),
            models.Index(fields=["story", "parent", "-best_rank"]),
            models.Index(fields=["root", "created_at"]),
            models.Index(fields=["status", "created_at"]),
            models.Index(fields=["author", "-created_at"]),
        ]

    def __str__(self) -> str:
        return f"comment {self.pk}"

    @property
    def is_public(self) -> bool:
        """Whether every reader sees it."""
        return self.status == self.Status.PUBLISHED

    @property
    def is_erased(self) -> bool:
        """Whether its text is gone (belowline.retention); who wrote it, and what was decided about it, stay."""
        return not self.text_source

    def rank_new(self, *, constructiveness: float, is_digression: bool) -> None:
        """Set where the order "best" has it, before anybody has seen it; `change_status` writes that."""
        hours = (self.created_at - self.story.published_at).total_seconds() / 3600
        self.constructiveness, self.is_digression = constructiveness, is_digression
        self.best_rank = best_rank(constructiveness, 0, is_picked=False, hours_late=hours)

    def rerank(self, **measured: Any) -> None:
        """Put it where the order "best" has it by what is known now; call it in the transaction of what changed.

        `measured` are columns that were just measured anew, and are written with it.
        """
        facts = ("constructiveness", "recommend_count", "pick__pk", "created_at", "story__published_at")
        kept, count, pick, written, published = Comment.objects.values_list(*facts).get(pk=self.pk)
        worth = measured.get("constructiveness", kept)
        hours = (written - published).total_seconds() / 3600
        measured["best_rank"] = best_rank(worth, count, is_picked=pick is not None, hours_late=hours)
        for name, value in measured.items():
            setattr(self, name, value)
        Comment.objects.filter(pk=self.pk).update(**measured)

    def change_status(self, status: "Comment.Status", *, is_new: bool = False) -> None:
        """Move to another status and keep the story's counters exact; call it inside a transaction.

        `is_new`: it was written in this transaction, and what `rank_new` has set is written now.
        """
        before, was_public = self.status, self.is_public
        self.status = status
        changed = ["status", "changed_at", *(RANKED if is_new else ())]
        if self.is_public and self.published_at is None:
            self.published_at = timezone.now()
            changed.append("published_at")
        self.save(update_fields=changed)
        step = int(self.is_public) - int(was_public)
        if step and self.root_id is not None:
            Comment.objects.filter(pk=self.root_id).update(thread_count=models.F("thread_count") + step)
        if step:
            self.story.bump(comment_count=step)
        elif before != status and not {before, status}.isdisjoint(self.TOMBSTONES):
            self.story.bump()


class Revision(models.Model):
    """A text that a comment had; decisions name the revision that they judged."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="revisions")
    text_source = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"revision {self.pk} of comment {self.comment_id}"


class Recommendation(models.Model):
    """A reader recommends a comment; there is no voting down."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="recommendations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recommendations")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "user"], name="recommended_once")]

    def __str__(self) -> str:
        return f"recommendation of comment {self.comment_id}"


class Pick(models.Model):
    """An editor puts a comment forward, with a sentence that says why."""

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="pick")
    sentence = models.CharField(max_length=300, blank=True)
    """Why, in the editor's words: plain text."""
    picked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"pick of comment {self.comment_id}"


class StorySubjects(models.Model):
    """What the comments under a story are about, looked at now and then: each takes the encoder its time."""

    story = models.OneToOneField(Story, on_delete=models.CASCADE, primary_key=True, related_name="subjects")
    found = models.JSONField(default=list)
    """[{name, comments: [ids]}], the largest first."""
    counted = models.PositiveIntegerField(default=0)
    """How many published comments there were when it was looked at last."""
    planned_at = models.DateTimeField(null=True)
    """When it was last planned to look; None: it was done since."""

    def __str__(self) -> str:
        return f"subjects of story {self.story_id}"


def author_fields(prefix: str = "author__") -> dict[str, Any]:
    """Return the columns that lists show of an author; `author_role`: "reader" for whoever has no role on the site."""
    # Asked only of accounts that have a role on some site: nearly none.
    there = Grant.objects.filter(user=models.OuterRef(f"{prefix}pk"), site=models.OuterRef("story__site"))
    local = Coalesce(models.Subquery(there.order_by("pk").values("role")[:1]), models.F(f"{prefix}role"))
    is_local = models.Q(**{f"{prefix}role": User.Role.READER, f"{prefix}has_local_role": True})
    role = models.Case(models.When(is_local, then=local), default=models.F(f"{prefix}role"))
    return {"author_name": models.F(f"{prefix}display_name"), "author_role": role}
