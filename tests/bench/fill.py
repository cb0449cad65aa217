"""Fills a database for the benchmark: a site, a story, and N published comments of about 300 characters."""

import os
import random
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "belowline.config.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import transaction

from belowline.accounts.models import User
from belowline.comments.actions.create_comment import create_comment
from belowline.comments.models import Comment
from belowline.stories.models import Site, Story

WORDS = [
    "the",
    "council",
    "bridge",
    "river",
    "budget",
    "vote",
    "people",
    "school",
    "road",
    "night",
    "work",
    "town",
    "house",
    "water",
    "light",
    "paper",
]


def main(count: int) -> None:
    """Write `count` comments, a third of them replies."""
    call_command("migrate", verbosity=0)
    draw = random.Random(7)
    site = Site.objects.create(key="bench", name="Bench", domains=["localhost"])
    story = Story.objects.create(site=site, key="one", title="The bridge is closed", body="It is closed. " * 200)
    authors = [
        User.objects.create_user(f"r{i}@example.org", display_name=f"Reader {word}") for i, word in enumerate(WORDS)
    ]
    written: list[Comment] = []
    with transaction.atomic():
        for number in range(count):
            text = " ".join(draw.choices(WORDS, k=55)).capitalize() + "."
            parent = draw.choice(written) if written and number % 3 == 0 else None
            comment = create_comment(
                story=story,
                author=draw.choice(authors),
                text_source=text,
                parent=parent,
                idempotency_key=str(number),
            )
            comment.change_status(Comment.Status.PUBLISHED)
            written.append(comment)


if __name__ == "__main__":
    main(int(sys.argv[1]))
