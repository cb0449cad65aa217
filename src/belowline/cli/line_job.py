"""What `score` and `judge` do with each line, so described that processes and machines beside this one can do it."""

import hashlib
import importlib
from typing import TYPE_CHECKING, Literal, NamedTuple

from belowline.bulk.job import Opened

if TYPE_CHECKING:
    from belowline.engine.judge import Engine

DIED = "the process that judged this line was ended each time: killed, or out of memory; report it if it comes again"


class LineJob(NamedTuple):
    """A command, its policy and its head; the models are the installed ones."""

    command: Literal["score", "judge"]
    policy: str | None = None
    """Text of the policy; None: the one that is shipped."""
    head: bytes | None = None

    def load(self) -> "Engine":
        """Load the engine.

        Raises:
            BelowlineError: the policy is wrong, or a model or the head is missing or damaged.
        """
        from belowline.cli.loading import unhurried
        from belowline.engine.judge import Engine
        from belowline.engine.models.head import read_head
        from belowline.engine.policy import parse_policy

        policy = None if self.policy is None else parse_policy(self.policy)
        return unhurried(Engine.load(policy, head=read_head(self.head) if self.head else None))

    def opened_with(self, engine: "Engine") -> Opened:
        """Return what answers lines with a loaded engine."""
        from belowline.bulk.machine import probe
        from belowline.cli.jsonlines import encode_answer

        answer = importlib.import_module(f"belowline.cli.{self.command}").answer_with(engine)
        return Opened(lambda number, raw: encode_answer(number, raw, answer), lambda: probe(engine))

    def open(self) -> Opened:
        """Load the engine, and return what answers lines; raises as `load`."""
        return self.opened_with(self.load())

    def give_up(self, number: int, raw: bytes | None) -> tuple[bytes, bool]:
        """Return the error for a line that ended every process which tried it."""
        from belowline.cli.jsonlines import encode_error

        return encode_error(number, raw, "engine_failed", DIED), True


def describe(job: LineJob, engine: "Engine") -> dict[str, str]:
    """Return what the answers of a job depend on beside the lines."""
    from belowline import __version__

    head = hashlib.sha256(job.head).hexdigest()[:12] if job.head else "none"
    return {
        "command": job.command,
        "policy": engine.policy.version,
        "head": head,
        "model": engine.model,
        "release": __version__,
    }
