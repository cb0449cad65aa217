"""Fills Belowline with the comments of the load benchmark, and signs readers in who will post more.

    python tests/bench/load_fill.py FOLDER

FOLDER holds the benchmark's dataset.py. Writes to the database that the settings name; prints JSON: the stories' ids by
their addresses, and for each reader the cookies and the token that a browser would have.
"""

import importlib
import json
import os
import sys
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "belowline.config.settings")

READERS = 20


def main(folder: str) -> None:
    """Fill, and tell."""
    import django

    django.setup()
    from belowline.accounts.models import User
    from belowline.stories.actions.save_story import save_story
    from belowline.stories.models import Site

    sys.path.insert(0, folder)
    dataset = importlib.import_module("dataset")
    site = Site.objects.create(key="bench", name="The Bench", domains=["localhost"])
    readers = {
        name: User.objects.create_user(dataset.email(name), display_name=name, password=None) for name in dataset.NAMES
    }
    body = (" ".join(dataset.WORDS).capitalize() + ".\n") * 3
    stories = {}
    for address, rows in dataset.all_threads():
        story, _ = save_story(site=site, key=address, title=body[:60], body=body, section="News", url="")
        fill(story, readers, rows)
        stories[address] = story.pk
    posting = [readers[name] for name in dataset.NAMES[:READERS]]
    print(json.dumps({"stories": stories, "readers": list(map(sign_in, posting))}))


def fill(story, readers, rows) -> None:
    """Write the comments as if each had been posted and published, a minute apart."""
    from django.db import transaction
    from django.utils import timezone

    from belowline.comments.actions.create_comment import create_comment
    from belowline.comments.models import Comment

    written, began = {}, timezone.now() - timedelta(minutes=len(rows) + 10)
    with transaction.atomic():
        for number, (key, parent, name, text) in enumerate(rows):
            comment = create_comment(
                story=story,
                author=readers[name],
                text_source=text,
                parent=written.get(parent),
                idempotency_key=f"{story.pk}-{key}",
            )
            comment.change_status(Comment.Status.PUBLISHED)
            moment = began + timedelta(minutes=number)
            Comment.objects.filter(pk=comment.pk).update(created_at=moment, published_at=moment)
            written[key] = comment


def sign_in(reader) -> dict[str, str]:
    """Give a reader a confirmed address, a session and a token for forms."""
    from allauth.account.models import EmailAddress
    from django.conf import settings
    from django.middleware.csrf import get_token
    from django.test import Client, RequestFactory

    EmailAddress.objects.create(user=reader, email=reader.email, verified=True, primary=True)
    client = Client()
    client.force_login(reader)
    request = RequestFactory().get("/")
    token = get_token(request)
    secret = request.META["CSRF_COOKIE"]
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={secret}"
    return {"cookies": cookies, "token": token}


if __name__ == "__main__":
    main(sys.argv[1])
