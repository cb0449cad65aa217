"""Sets a newsroom up for the tests of caches, in a process of its own; prints what is in it as JSON."""

# ruff: noqa: E402 - Django is set up before its models are imported

import json
import os

os.environ["DJANGO_SETTINGS_MODULE"] = "belowline.config.settings"

import django

django.setup()

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from belowline.accounts.models import User
from belowline.comments.actions.create_comment import create_comment
from belowline.moderation.actions.activate_policy import activate_policy
from belowline.stories.actions.save_story import save_story
from belowline.stories.models import Site

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


def person(name):
    email = f"{name.lower()}@reader.example"
    user = User.objects.create_user(email, display_name=name)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def session_of(user):
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def main():
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)
    site = Site.objects.create(key="gazette", name="The Gazette", domains=["localhost"])
    activate_policy(site=site, text=POLICY)
    body = "The harbour bridge is closed for repairs."
    stories = [
        save_story(site=site, key=key, title=f"Harbour bridge closed: {key}", body=body)[0] for key in "abcdefghijkl"
    ]
    reader, chief = person("Marjorie"), person("Chief")
    User.objects.filter(pk=chief.pk).update(role=User.Role.ADMIN)
    comments = []
    for story in stories:
        for number in range(22):  # a page and a little
            comment = create_comment(
                story=story,
                author=reader,
                text_source=f"A quiet remark about {story.key}, number {number}.",
                parent=None,
                idempotency_key=f"{story.key}-{number}",
            )
            comment.change_status("published")
        comments.append(comment.pk)
    made = {"stories": [story.pk for story in stories], "comments": comments}
    print(json.dumps(made | {"reader": session_of(reader), "chief": session_of(chief)}))  # noqa: T201 - for whoever started it


main()
