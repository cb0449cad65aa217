"""The comments of the first-page benchmark, the same for every contestant; as a command, fills Belowline with them.

    python tests/bench/page_comments.py 5000 50

writes a story of 5,000 comments and one of 50 into the database that the settings name.
"""

import json
import os
import random
import re
import sys
from pathlib import Path
from typing import NamedTuple

TESTS = Path(__file__).parents[1]
NAMES = (
    "Ada Winter", "Ben Holt", "Carla Reyes", "Dipa Rao", "Egon Falk", "Fay Burrows", "Goran Ilic", "Hana Sato",
    "Ines Calder", "Jonas Weil", "Kofi Mensah", "Lena Marsh", "Mia Strand", "Noor Aziz", "Otto Brandt", "Pia Lund",
    "Quentin Ash", "Rosa Blanco", "Sami Haddad", "Tess Quill",
)  # fmt: skip
TITLE = "Ferry to Ravel Island will run all winter"
BODY = "The council has found the money to keep the Ravel Island ferry running through the winter. " * 30
REPLIES = 3
"""Every third comment replies to an earlier one."""
LIKES = (0, 0, 0, 0, 0, 1, 1, 2, 3, 5, 8, 20)
"""How many readers recommend a comment, drawn from these."""


class Row(NamedTuple):
    """A comment of the benchmark."""

    number: int
    name: str
    text: str
    parent: int | None
    """The number of the comment replied to."""
    likes: int


def sentences() -> list[str]:
    """Return the sentences of our own sample comments: English of the kind that readers write."""
    threads = (Path(TESTS.parent, "src/belowline/demo/threads")).glob("*.json")
    texts = [row["text"] for file in sorted(threads) for row in json.loads(file.read_text("utf-8"))]
    gold = Path(TESTS, "gold/seed_comments.jsonl").read_text("utf-8").splitlines()
    texts += [json.loads(line)["text"] for line in gold]
    return sorted({part for text in texts for part in re.findall(r"[A-Z][^.!?\n]{20,}[.!?]", text)})


def comments(count: int) -> list[Row]:
    """Return `count` comments of about 300 characters, always the same ones."""
    draw, pool = random.Random(7), sentences()
    return [
        Row(
            number,
            draw.choice(NAMES),
            f"{' '.join(draw.sample(pool, draw.randint(1, 7)))} ({number})",
            draw.randrange(number) if number and number % REPLIES == 0 else None,
            draw.choice(LIKES),
        )
        for number in range(count)
    ]


def main(*counts: int) -> None:
    """Write one story for each count into Belowline's database, by its own actions."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "belowline.config.settings")
    import django

    django.setup()
    from belowline.accounts.models import User
    from belowline.stories.actions.save_story import save_story
    from belowline.stories.models import Site

    site = Site.objects.create(key="bench", name="The Bench", domains=["localhost"])
    readers = [User.objects.create_user(f"r{i}@example.org", display_name=name) for i, name in enumerate(NAMES)]
    for count in counts:
        story, _ = save_story(site=site, key=f"of-{count}", title=TITLE, body=BODY, section="News", url="")
        fill(story, {reader.display_name: reader for reader in readers}, comments(count))
        print(f"{count} {story.pk}")


def fill(story, readers, rows) -> None:
    """Write the comments as if each had been posted and published, a minute apart, and then recommended."""
    from datetime import timedelta

    from django.db import transaction
    from django.utils import timezone

    from belowline.comments.actions.create_comment import create_comment
    from belowline.comments.models import Comment

    written, began = [], timezone.now() - timedelta(minutes=len(rows) + 10)
    with transaction.atomic():
        for row in rows:
            comment = create_comment(
                story=story,
                author=readers[row.name],
                text_source=row.text,
                parent=None if row.parent is None else written[row.parent],
                idempotency_key=f"{story.pk}-{row.number}",
            )
            comment.change_status(Comment.Status.PUBLISHED)
            moment = began + timedelta(minutes=row.number)
            Comment.objects.filter(pk=comment.pk).update(created_at=moment, published_at=moment)
            written.append(comment)
        recommend(written, rows, list(readers.values()))


def recommend(written, rows, readers) -> None:
    """Let readers recommend the comments, and keep the counts."""
    from belowline.comments.models import Comment, Recommendation

    given = [
        Recommendation(comment=comment, user=reader)
        for comment, row in zip(written, rows, strict=True)
        for reader in readers[: row.likes]
    ]
    Recommendation.objects.bulk_create(given, batch_size=1_000)
    for likes in set(LIKES):
        liked = [comment.pk for comment, row in zip(written, rows, strict=True) if row.likes == likes]
        for start in range(0, len(liked), 500):
            Comment.objects.filter(pk__in=liked[start : start + 500]).update(recommend_count=likes)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
