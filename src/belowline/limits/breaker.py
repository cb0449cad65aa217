"""Leaving alone for a while what does not answer, so that nobody waits for it again and again."""

import logging
import threading
import time
from collections.abc import Callable

logger = logging.getLogger("belowline.limits")
PAUSE_SECONDS = 5.0


class Breaker:
    """Remembers of one server whether it answered; safe for threads."""

    def __init__(
        self, name: str, instead: str, *, pause: float = PAUSE_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.name, self.instead = name, instead
        self._pause, self._clock = pause, clock
        self._lock = threading.Lock()
        self._until: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether it did not answer when it was asked last."""
        return self._until is not None

    def may_try(self) -> bool:
        """Say whether to ask it now: always while it answers, else one asks after each pause and the others do not."""
        with self._lock:
            if self._until is None:
                return True
            now = self._clock()
            if now < self._until:
                return False
            self._until = now + self._pause
            return True

    def failed(self, error: str) -> None:
        """Remember that it did not answer; said once, not for each request."""
        with self._lock:
            is_new, self._until = self._until is None, self._clock() + self._pause
        if is_new:
            logger.error("%s does not answer (%s): %s", self.name, error, self.instead)

    def worked(self) -> None:
        """Remember that it answered."""
        if self._until is None:
            return
        with self._lock:
            was_open, self._until = self._until is not None, None
        if was_open:
            logger.warning("%s answers again", self.name)
