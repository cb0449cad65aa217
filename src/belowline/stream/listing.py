"""The list of comments of a discussion as HTML, the same for everybody: kept by the story's thread version."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from belowline.accounts.models import User
from belowline.comments.models import Comment, StorySubjects
from belowline.comments.threads import Thread, ThreadComment, read_page
from belowline.limits.caches import kept as cache
from belowline.moderation.removals import rules_of_removals
from belowline.stories.models import Story
from belowline.stream.asked import Asked, query_of
from belowline.stream.comment_html import CommentWriter, Links

CACHE_SECONDS = 3600
PAGES = ("thread", "composer")


class Subject(NamedTuple):
    """What some comments of a discussion are about."""

    number: int
    name: str
    comments: tuple[int, ...]


class Listing(NamedTuple):
    """What a page lists."""

    html: SafeString
    comments: tuple[int, ...]
    """The ids of the published ones."""
    has_next: bool


def list_threads(
    request: HttpRequest, story: Story, asked: Asked, *, subject: Subject | None, takes_replies: bool
) -> Listing:
    """Return a page of the discussion, or of a subject of it; made once for each version of it."""
    carry = query_of(request, Asked())
    view = ":".join(map(str, (*asked, get_language(), takes_replies, carry)))
    # The version stands in the value, not in the key: a list of an earlier version makes room for the new one.
    key = f"thread:{story.pk}:{view}"
    version, kept = cache.get(key, (None, ()))
    if version != story.thread_version:
        page = read_page(story, asked.order, asked.page, subject.comments if subject else None)
        complete = completer(story, page.comments)
        threads = [Thread(complete(head), tuple(map(complete, replies)), more) for head, replies, more in page.threads]
        html = CommentWriter(links_of(request, story, takes_replies=takes_replies)).threads(threads, order=asked.order)
        kept = (html, tuple(row.id for row in page.comments if row.status == Comment.Status.PUBLISHED), page.has_next)
        cache.set(key, (story.thread_version, kept), CACHE_SECONDS)
    return Listing(mark_safe(kept[0]), *kept[1:])  # noqa: S308 - made by our own writer, which escapes


def read_subjects(story: Story) -> list[Subject]:
    """Return what is under discussion, as it was kept last; the first has number 1."""
    kept = StorySubjects.objects.filter(story=story).values_list("found", flat=True).first() or []
    return [Subject(number, one["name"], tuple(one["comments"])) for number, one in enumerate(kept, 1)]


def links_of(request: HttpRequest, story: Story, *, takes_replies: bool) -> Links:
    """Return what the links of each comment are made of."""
    carry, thread, composer = query_of(request, Asked()), *(reverse(name, args=[story.pk]) for name in PAGES)
    return Links(carry, thread, composer, takes_replies)


def completer(story: Story, rows: Iterable[ThreadComment]) -> Callable[[ThreadComment], ThreadComment]:
    """Return a function that adds to a comment what other tables know: the rule of a removal, the article's author."""
    rules = rules_of_removals([row.id for row in rows if row.status == Comment.Status.REMOVED])
    writers = writer_ids(story)
    return lambda row: row._replace(rule=rules.get(row.id, ""), is_by_writer=row.author_id in writers)


def writer_ids(story: Story) -> frozenset[int]:
    """Return the accounts whose confirmed address is one of the article's authors'."""
    if not story.author_emails:
        return frozenset()
    found = User.objects.filter(emailaddress__email__in=story.author_emails, emailaddress__verified=True)
    return frozenset(found.values_list("pk", flat=True))
