"""What limits raise.

BelowlineError
└── LimitedError   `too_many_requests`
"""

import math

from belowline.engine.errors import BelowlineError


class LimitedError(BelowlineError):
    """Something was done too often; `seconds` (at least 1) says for how long to wait, `limit` which limit it was."""

    code = "too_many_requests"

    def __init__(self, limit: str, wait: float) -> None:
        self.limit, self.seconds = limit, max(1, math.ceil(wait))
        super().__init__(f"That was more often than is allowed here. Try again in {self.seconds} seconds.")


class StoreLostError(Exception):
    """What counts does not answer now; the next one does it."""
