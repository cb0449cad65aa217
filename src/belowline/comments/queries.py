"""What a text may repeat: earlier comments of its author, and near copies."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from belowline.accounts.models import User
from belowline.comments.models import Comment
from belowline.engine.submission import Earlier
from belowline.engine.text.fingerprint import bands, fingerprint, text_key
from belowline.stories.models import Story

RECENT_DAYS = 7
MAX_EARLIER = 20
Status = Comment.Status


def find_earlier(
    *,
    author: User,
    story: Story,
    text_source: str,
    before: Comment | None = None,
    resubmits: Comment | None = None,
) -> tuple[Earlier, ...]:
    """Return comments of the last seven days that this text may repeat: the author's own, and near copies.

    `before` is the comment itself where it is there already: it repeats neither itself nor what came after it. The
    comment that it resubmits is none of them either: it may be like its first version.
    """
    since = timezone.now() - timedelta(days=RECENT_DAYS)
    recent = Comment.objects.filter(created_at__gte=since).exclude(status=Status.DELETED)
    if before is not None:
        recent = recent.filter(pk__lt=before.pk)
    if resubmits is not None:
        recent = recent.exclude(pk=resubmits.pk)
    parts = bands(fingerprint(text_source))
    near = Q(text_key=text_key(text_source))
    for index, band in enumerate(parts):
        near |= Q(**{f"band_{index}": band})
    own = recent.filter(author=author).order_by("-created_at").values_list("text_source", flat=True)
    others = recent.filter(near).exclude(author=author).order_by("-created_at")
    found = [Earlier(text=text, relation="same_author") for text in own[:MAX_EARLIER]]
    found += [
        Earlier(text=text, relation="same_thread" if story_id == story.pk else "elsewhere")
        for text, story_id in others.values_list("text_source", "story_id")[:MAX_EARLIER]
    ]
    return tuple(found)
