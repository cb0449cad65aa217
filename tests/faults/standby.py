"""A newsroom on a database with a standby, told by words on stdin what to do; test_standby.py asks."""

# ruff: noqa: E402 - Django is set up before its models are imported

import os
import re
import sys
import time
import uuid

os.environ["DJANGO_SETTINGS_MODULE"] = "belowline.config.settings"

import django

django.setup()

from django.conf import settings
from django.db import DatabaseError, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from belowline import replicas
from belowline.accounts.models import User
from belowline.comments.actions.create_comment import create_comment
from belowline.stories.models import Site, Story

ALIAS = "replica-1"
settings.ALLOWED_HOSTS.append("testserver")
site = Site.objects.create(key="gazette", name="The Gazette", domains=["gazette.example"])
story = Story.objects.create(site=site, key="bridge", title="The bridge")
author = User.objects.create_user("m@reader.example", display_name="Marjorie Tench")


def write():
    key = uuid.uuid4().hex
    comment = create_comment(story=story, author=author, text_source=f"Remark {key}.", parent=None, idempotency_key=key)
    comment.change_status("published")
    return "written"


def follow():
    """Wait until the standby knows what the database knows."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            there = replicas._ask(ALIAS, replicas.VERSION, story.pk)
        except DatabaseError:
            connections[ALIAS].close()
            there = None
        if there == replicas._ask("default", replicas.VERSION, story.pk):
            return "followed"
        time.sleep(0.02)
    return "late"


def page():
    replicas._lags.clear()
    try:
        connections[ALIAS].ensure_connection()
        caught = CaptureQueriesContext(connections[ALIAS])
    except DatabaseError:
        return f"{shown()} 0"
    with caught:
        count = shown()
    return f"{count} {len(caught)}"


def shown():
    return len({*re.findall("Remark [0-9a-f]{32}", Client().get(f"/discussion/{story.pk}/").content.decode())})


def tell_standby(statement):
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(statement)


def hold():
    tell_standby("SELECT pg_wal_replay_pause()")
    return "held"


def go():
    tell_standby("SELECT pg_wal_replay_resume()")
    return "gone"


def try_writing():
    try:
        tell_standby("UPDATE stories_story SET thread_version = 0")
    except DatabaseError:
        return "refused"
    return "written"


def pause():
    """Wait until the standby is asked again after it was gone."""
    replicas.breaker(ALIAS)._until = time.monotonic()
    return "paused"


WORDS = {
    "write": write,
    "follow": follow,
    "page": page,
    "hold": hold,
    "go": go,
    "try-writing": try_writing,
    "pause": pause,
}
for line in sys.stdin:
    sys.stdout.write(f"{WORDS[line.strip()]()}\n")
    sys.stdout.flush()
