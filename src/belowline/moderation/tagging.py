"""Words that the team puts on comments, to find them again: for the staff alone, and no mark against anybody."""

from django.conf import settings
from django.db import models

from belowline.comments.models import Comment
from belowline.moderation.batches import Batch

MAX_CHARACTERS = 40


class Tag(models.Model):
    """A word on a comment."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="tags")
    word = models.CharField(max_length=MAX_CHARACTERS)
    """In lower case, with single blanks: `tidy`."""
    tagged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, on_delete=models.SET_NULL, null=True, related_name="tags")
    """The batch that put it there; None: it was put there alone."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["word", "comment"], name="tagged_once")]

    def __str__(self) -> str:
        return self.word


def tidy(word: str) -> str:
    """Return a tag as it is kept: in lower case, with single blanks and none around it."""
    return " ".join(word.replace("\x00", "").lower().split())


def known_words(limit: int = 50) -> list[str]:
    """Return the words that the team has used last, each once, the newest first."""
    latest = Tag.objects.values("word").annotate(newest=models.Max("id")).order_by("-newest")
    return [row["word"] for row in latest[:limit]]
