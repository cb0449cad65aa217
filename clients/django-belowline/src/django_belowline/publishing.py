"""Published pages are sent to Belowline: their text is what comments are compared with."""

from functools import partial
from typing import Any

from django.db import transaction

from django_belowline.conf import conf
from django_belowline.server import put_story
from django_belowline.stories import story_fields, story_key


def send_story(article: Any, *, is_open: bool = True) -> None:
    """Send an article once the transaction is through; without BELOWLINE_KEY, nothing is sent."""
    if conf().key:
        fields = {**story_fields(article), **({} if is_open else {"is_open": False})}
        transaction.on_commit(partial(put_story, story_key(article), fields))


def on_publish(sender: Any, *, instance: Any, **more: Any) -> None:
    """Wagtail published a page: it is sent, unless its kind says `belowline_comments = False`."""
    if getattr(instance, "belowline_comments", True):
        send_story(instance)


def on_unpublish(sender: Any, *, instance: Any, **more: Any) -> None:
    """Wagtail took a page away: its discussion is closed."""
    if getattr(instance, "belowline_comments", True):
        send_story(instance, is_open=False)
