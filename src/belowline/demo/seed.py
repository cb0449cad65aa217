"""The invented newsroom: its stories, its readers, and what they wrote, posted through the real engine."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from belowline.accounts.models import User
from belowline.comments.actions.pick_comment import pick_comment
from belowline.comments.models import Comment
from belowline.moderation.actions.post_comment import post_comment
from belowline.stories.actions.control_story import control_story
from belowline.stories.actions.save_story import save_story
from belowline.stories.actions.save_theme import save_theme
from belowline.stories.controls import Controls
from belowline.stories.errors import StoryInputError
from belowline.stories.models import Site, Story

SITE_KEY = "quillhaven"
PASSWORD = "demo-password"  # noqa: S105 - of invented people, in a demo
MODERATOR = ("moderator@example.org", "Gazette Desk")
SECOND_MODERATOR = ("night@example.org", "Gazette Night Desk")
"""Appeals are decided by another moderator than the decisions that they contest."""
ADMIN = ("editor@example.org", "Gazette Editor")
READER = ("reader@example.org", "Robin Marsh")
TITLE_CHARACTERS = 150
LEAD = timedelta(minutes=10)
"""How long ago the newest comment was written."""


class StoryFile(NamedTuple):
    """A story as a text file holds it."""

    fields: dict[str, str]
    title: str
    body: str


@transaction.atomic
def seed() -> Site:
    """Fill an empty database with the newsroom; a filled one stays as it is, and a half-filled one there is not."""
    folder = resources.files("belowline.demo")
    paper = json.loads(folder.joinpath("paper.json").read_text("utf-8"))
    site, is_new = Site.objects.get_or_create(
        key=SITE_KEY, defaults={"name": paper["name"], "domains": ["localhost", "127.0.0.1"]}
    )
    if not is_new:
        return site
    save_theme(site=site, theme=paper["theme"])
    password = make_password(PASSWORD)  # slow, and everybody's is the same
    for moderator in (MODERATOR, SECOND_MODERATOR):
        _account(*moderator, password, role=User.Role.MODERATOR)
    editor = _account(*ADMIN, password, role=User.Role.ADMIN)
    _account(*READER, password)
    cast = {entry["name"]: _account(entry["email"], entry["name"], password) for entry in paper["cast"]}
    stories = [parse_story(file.read_text("utf-8")) for file in folder.joinpath("stories").iterdir()]
    times = {
        story.fields["key"]: datetime.fromisoformat(story.fields["published"]).astimezone(UTC) for story in stories
    }
    threads = {key: json.loads(folder.joinpath("threads", f"{key}.json").read_text("utf-8")) for key in times}
    newest = max(times[key] + timedelta(minutes=row["minutes_after"]) for key, rows in threads.items() for row in rows)
    shift = timezone.now() - newest - LEAD
    for story in sorted(stories, key=lambda story: times[story.fields["key"]]):
        key = story.fields["key"]
        added = add_story(site, story, times[key] + shift)
        _post_all(added, threads[key], cast, times[key] + shift)
        _edit(added, editor, paper["controls"].get(key, {}), paper["picks"].get(key, {}))
    return site


def parse_story(text: str) -> StoryFile:
    """Read a story: front matter between lines of three dashes, or the title in the first line.

    A first line that is too long for a title is kept as the standfirst, and its beginning is the title. What follows a
    line "COMMENTS" is no part of the article.

    Raises:
        ValueError: there is no text.
    """
    lines = unicodedata.normalize("NFC", text.lstrip("\ufeff")).strip().splitlines()
    fields: dict[str, str] = {}
    if lines and lines[0].strip() == "---" and "---" in (line.strip() for line in lines[1:]):
        end = next(index for index, line in enumerate(lines[1:], 1) if line.strip() == "---")
        pairs = (line.partition(":") for line in lines[1:end] if ":" in line)
        fields = {name.strip().lower(): value.strip() for name, _, value in pairs}
        lines = lines[end + 1 :]
    stop = next((index for index, line in enumerate(lines) if line.strip().lower() == "comments"), len(lines))
    lines = [line.strip() for line in lines[:stop] if line.strip()]
    title = fields.get("title") or (lines.pop(0).lstrip("# ") if lines else "")
    if not title:
        raise ValueError("the file holds no text; its first line is the title")
    if len(title) > TITLE_CHARACTERS:
        fields.setdefault("standfirst", title)
        title = re.sub(r"\s+\S*$", "", title[: TITLE_CHARACTERS - 1]) + "…"
    return StoryFile(fields, title, "\n\n".join(lines))


def add_story(site: Site, story: StoryFile, published: datetime | None = None) -> Story:
    """Put a story into the newsroom."""
    named = hashlib.sha256(story.title.encode(errors="replace")).hexdigest()[:10]
    key = slugify(story.fields.get("key") or story.title)[:80] or f"story-{named}"
    saved, _ = save_story(
        site=site,
        key=key,
        title=story.title,
        standfirst=story.fields.get("standfirst", ""),
        section=story.fields.get("section", ""),
        body=story.body,
        url=f"{settings.BASE_URL}/news/{key}/",
        published_at=published,
    )
    return saved


def add_story_file(site: Site, path: Path) -> Story:
    """Put a text file into the newsroom as a story.

    Raises:
        ValueError: the file cannot be read as UTF-8 text, is empty, or holds more than a story can.
    """
    try:
        return add_story(site, parse_story(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} cannot be read as UTF-8 text ({error})") from error
    except StoryInputError as error:
        raise ValueError(f"{path} cannot be used: {error.message}") from error


def _account(email: str, name: str, hashed_password: str, role: str = User.Role.READER) -> User:
    user = User.objects.create(email=email, password=hashed_password, display_name=name, role=role)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def _post_all(story: Story, rows: list[dict[str, Any]], cast: dict[str, User], published: datetime) -> None:
    """Post the thread through the real action; replies to what was held are left out, as readers cannot write them."""
    posted: dict[str, Comment] = {}
    for row in _in_order(rows):
        parent = posted.get(row["reply_to"]) if row["reply_to"] else None
        if row["reply_to"] and (parent is None or not parent.is_public):
            continue
        comment = post_comment(
            story=story,
            author=cast[row["author"]],
            text_source=row["text"],
            parent=parent,
            idempotency_key=_key(story, row["id"]),
        ).comment
        written = published + timedelta(minutes=row["minutes_after"])
        Comment.objects.filter(pk=comment.pk).update(
            created_at=written, published_at=written if comment.is_public else None
        )
        comment.rerank()  # by when it was written
        posted[row["id"]] = comment


def _edit(story: Story, editor: User, controls: Controls, picks: dict[str, str]) -> None:
    """Let the editor control the discussion, and pick comments by the ids of their rows."""
    if controls:
        control_story(story=story, controls=controls, by=editor)
    for row, sentence in picks.items():
        picked = Comment.objects.get(story=story, idempotency_key=_key(story, row))
        if picked.is_public:
            pick_comment(comment=picked, by=editor, sentence=sentence)


def _key(story: Story, row: str) -> str:
    return f"demo-{story.key[:40]}-{row}"


def _in_order(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    return iter(sorted(rows, key=lambda row: int(row["minutes_after"])))
