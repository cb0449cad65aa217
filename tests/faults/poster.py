"""A newsroom in a process that may be killed: sets itself up, and posts in children that report what they did.

Commands, one a line on stdin: `round NAME` forks a child that posts without end, `again KEY...` posts with keys that
were used before, `room BYTES` lets files grow by so much and no more, `full NAME` posts until there is no room, `quit`.
Reports, one a line on stdout: `ready`, `child PID`, `asked KEY`, `answered KEY STATUS LOCATION`, `shown KEY`, `done`.
"""

# ruff: noqa: E402 - Django is set up before its models are imported

import os
import re
import resource
import sys
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "belowline.config.settings"

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from belowline.moderation import engine

settings.ALLOWED_HOSTS.append("testserver")
settings.SLOW_SECONDS, settings.POSTS_PER_10_MINUTES = 0, 1_000_000  # it posts faster than people
QUIET = "A quiet remark about the harbour bridge and its tolls, number {}."
HELD = "What a wombat of a harbour bridge this is, number {}."
POLICY = """
[policy]
name = "Small"
sentence = "Be brief and kind."
[settings]
banned_words = ["wombat"]
[rules.banned_word]
title = "Banned"
score = "banned_word"
hold = 0.5
for_readers = "No."
for_moderators = "No."
explanation = "No."
"""


def set_up():
    """Make the tables, a site with its policy, a story and a reader; return a browser of the reader's."""
    from allauth.account.models import EmailAddress

    from belowline.accounts.models import User
    from belowline.moderation.actions.activate_policy import activate_policy
    from belowline.stories.actions.save_story import save_story
    from belowline.stories.models import Site

    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)
    site, is_new = Site.objects.get_or_create(key="gazette", defaults={"name": "The Gazette", "domains": ["x.example"]})
    if is_new:
        activate_policy(site=site, text=POLICY)
        save_story(site=site, key="bridge", title="Harbour bridge closed", body="The harbour bridge is closed.")
        user = User.objects.create_user("reader@reader.example", display_name="Marjorie")
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client = Client()
    client.force_login(User.objects.get())
    return client


def say(*words):
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def post(client, key, text):
    """Post, and report before and after."""
    say("asked", key)
    form = {"text": text, "idempotency_key": key}
    answer = client.post("/discussion/1/post/", form)
    if answer.status_code == 200:  # the author is nudged first
        answer = client.post("/discussion/1/post/", form | {"nudged": "1"})
    say("answered", key, answer.status_code, answer.get("Location", "-"))
    return answer


def text_of(key):
    return (HELD if sum(key.encode()) % 2 else QUIET).format(key)


def post_without_end(client, name):
    # A child has none of its parent's threads: an engine of its own starts its own.
    engine._engine.cache_clear()
    for number in range(100_000):
        post(client, f"{name}-{number}", text_of(f"{name}-{number}"))


def post_until_full(client, name):
    for number in range(3000):
        key, text = f"{name}-{number}", text_of(f"{name}-{number}") + f" Really, {number}." * 150
        answer = post(client, key, text[:3000])
        if answer.status_code != 302:
            page = answer.content.decode()
            if text[:3000] in page and re.search(rf'name="idempotency_key" value="{key}"', page):
                say("shown", key)
            return


def give_room(room):
    """Let files grow so far, as a disk does that is nearly full."""
    largest = max(file.stat().st_size for file in Path(settings.DATA_DIR).iterdir())
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard if room < 0 else largest + room, hard))


def main():
    client = set_up()
    # What is loaded late is loaded now, and not in each child anew.
    post(client, "warm", text_of("warm"))
    connection.close()
    say("ready")
    for line in sys.stdin:
        command, *rest = line.split()
        if command == "quit":
            return
        if command == "round":
            child = os.fork()
            if child == 0:
                post_without_end(client, rest[0])
            say("child", child)
            os.waitpid(child, 0)
        elif command == "again":
            for key in rest:
                post(client, key, text_of(key))
        elif command == "room":
            give_room(int(rest[0]))
        elif command == "full":
            post_until_full(client, rest[0])
        say("done")


main()
