"""What the comments under a story are about, and how far each subject is from the article."""

import hashlib
from collections.abc import Collection
from statistics import mean
from typing import Any, NamedTuple

from django.db.models import Count, Max

from belowline.comments.models import Comment, author_fields
from belowline.engine.subjects import Subjects, find_subjects
from belowline.engine.text.words import find_words, stem
from belowline.engine.text_vectors import text_vectors
from belowline.limits.caches import kept as cache
from belowline.moderation.engine import base_engine
from belowline.moderation.models import Decision
from belowline.stories.models import Story

MOST_COMMENTS = 500
"""The newest ones are looked at: each takes the encoder some ten milliseconds."""
FAR = 0.5
"""From this mean of `off_topic` on, a subject counts as far from the article."""
CACHE_SECONDS = 3_600
SHOWN = (Comment.Status.PUBLISHED, Comment.Status.HELD)
PUBLIC = (Comment.Status.PUBLISHED,)
"""For readers: no word of a comment that waits names a subject."""


class MappedComment(NamedTuple):
    """A comment as the map's lists show it."""

    id: int
    text_source: str
    status: str
    created_at: Any
    author_name: str
    off_topic: float | None = None
    """As the engine last measured it, in [0, 1]; None: unchecked."""


class StorySubject(NamedTuple):
    """A subject of a story's comments."""

    words: tuple[str, ...]
    comments: tuple[MappedComment, ...]
    """The most typical first."""
    held: int
    off_topic: float | None
    """The mean of its comments, in [0, 1]; None: none of them could be measured."""
    x: float
    y: float

    @property
    def name(self) -> str:
        """Its words, as people read them."""
        return ", ".join(self.words)

    @property
    def is_far(self) -> bool:
        """Whether it is about something else than the article, as far as the engine can tell."""
        return self.off_topic is not None and self.off_topic >= FAR


class StoryMap(NamedTuple):
    """All subjects of a story, the largest first, and the comments that belong to none."""

    subjects: tuple[StorySubject, ...]
    rest: tuple[MappedComment, ...]


def map_story(story: Story, shown: Collection[Comment.Status] = SHOWN) -> StoryMap:
    """Return the subjects of the story's published and held comments; the same comments give the same map."""
    rows = story_comments(story, shown)
    found = _find(story, [row.text_source for row in rows], shown)
    subjects = tuple(
        _subject(one.words, [rows[place] for place in one.members], one.x, one.y) for one in found.subjects
    )
    return StoryMap(subjects, tuple(rows[place] for place in found.rest))


def story_comments(story: Story, shown: Collection[Comment.Status] = SHOWN) -> list[MappedComment]:
    """Return the newest comments of the story that are published or held, the oldest first, with their values."""
    columns = [name for name in MappedComment._fields if name != "off_topic"]
    newest = Comment.objects.filter(story=story, status__in=shown).annotate(author_name=author_fields()["author_name"])
    rows = list(newest.order_by("-pk").values_list(*columns)[:MOST_COMMENTS])[::-1]
    judged = Decision.objects.filter(comment__story=story, maker=Decision.Maker.ENGINE).order_by("id")
    values = dict(judged.values_list("comment_id", "scores__off_topic__value"))
    return [MappedComment._make((*row, values.get(row[0]))) for row in rows]


def _find(story: Story, texts: list[str], shown: Collection[Comment.Status]) -> Subjects:
    """Return the subjects of the texts, from the cache where these very comments were looked at before."""
    state = Comment.objects.filter(story=story).aggregate(Count("pk"), Max("changed_at"))
    told = repr((story.pk, story.title, len(texts), sorted(shown), state, base_engine().model))
    key = f"subjects:{hashlib.sha256(told.encode()).hexdigest()}"
    found: Subjects | None = cache.get(key)
    if found is None:
        taken = frozenset(stem(word.text) for word in find_words(story.title))
        found = find_subjects(text_vectors(base_engine(), texts), texts, taken=taken)
        cache.set(key, found, CACHE_SECONDS)
    return found


def _subject(words: tuple[str, ...], comments: list[MappedComment], x: float, y: float) -> StorySubject:
    values = [one.off_topic for one in comments if one.off_topic is not None]
    held = sum(one.status == Comment.Status.HELD for one in comments)
    return StorySubject(words, tuple(comments), held, mean(values) if values else None, x, y)
