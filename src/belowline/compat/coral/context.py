"""What a comment is judged with: its story and its parent, fetched side by side within the connection's budget."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Any, NamedTuple, TypeVar

from belowline.compat.coral.parent import parents
from belowline.compat.coral.schemas import PhaseRequest
from belowline.compat.coral.story import stories
from belowline.compat.models import CoralConnection
from belowline.engine.submission import Parent, Story

logger = logging.getLogger(__name__)
T = TypeVar("T")


class Context(NamedTuple):
    """What was there in time."""

    story: Story | None
    parent: Parent | None


def gather(connection: CoralConnection, asked: PhaseRequest) -> Context:
    """Return story and parent, as far as they come within the budget; whatever fails is missing, and nothing raises."""
    deadline = time.monotonic() + connection.budget_ms / 1000
    parent = _begun(lambda: parents.begin(connection, asked.comment.parent_id))
    story = _begun(lambda: stories.begin(connection.site, asked.story))
    errands: list[Future[Any]] = [errand for errand in (parent, story) if errand is not None]
    wait(errands, timeout=max(0.0, deadline - time.monotonic()))
    return Context(_result(story), _result(parent))


def _begun(begin: Callable[[], Future[T] | None]) -> Future[T] | None:
    try:
        return begin()
    except Exception as error:  # noqa: BLE001 - a comment is judged with what there is
        _note(error)
        return None


def _result(errand: Future[T] | None) -> T | None:
    if errand is None or not errand.done():
        return None
    if error := errand.exception():
        _note(error)
        return None
    return errand.result()


def _note(error: BaseException) -> None:
    # Only the type: the message of an error may quote the comment.
    logger.error("story or parent could not be fetched (%s)", type(error).__name__)
