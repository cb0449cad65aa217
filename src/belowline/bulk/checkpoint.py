"""How far an output file has come, kept beside it, to be continued with the same input and models, or not at all.

It is written after the output has reached the disk, and what stands in the output behind it is cut off before anything
is added. So a line is neither missing nor there twice, whenever the process or the machine went down.
"""

import hashlib
import os
import time
from pathlib import Path
from typing import IO

import msgspec

from belowline.bulk.errors import ResumeError
from belowline.bulk.lines import Answered

FORMAT = 1
EVERY_S = 5.0
"""Seconds of work that are at most done again."""
ENDING = ".checkpoint"
READ_BYTES = 1 << 20


class Checkpoint(msgspec.Struct, kw_only=True):
    """What is known of an output file."""

    job: dict[str, str]
    """What the answers depend on beside the input: versions and digests."""
    input: str
    """Digest of the whole input."""
    format: int = FORMAT
    lines: int = 0
    """Lines of output that have reached the disk."""
    bad: int = 0
    """How many of them are errors."""
    size: int = 0
    """Bytes of output that have reached the disk."""
    digest: str = hashlib.sha256().hexdigest()
    """SHA-256 over these bytes, in hexadecimal."""
    is_complete: bool = False

    def check_fits(self, found: "Checkpoint", output: str) -> None:
        """Refuse to continue what a found checkpoint speaks of, unless input and job are those of this one.

        Raises:
            ResumeError: the message says what differs.
        """
        mend = f"remove {output} and what lies beside it to begin anew, or name another output"
        if found.format != FORMAT:
            raise ResumeError(f"{output} was begun by another release of belowline; {mend}")
        if found.input != self.input:
            raise ResumeError(f"{output} was made of another input, or the input has changed since; {mend}")
        for name in sorted({*found.job, *self.job}):
            old, new = found.job.get(name, "nothing"), self.job.get(name, "nothing")
            if old != new:
                raise ResumeError(f"{output} was begun with another {name} ({old}, now {new}); {mend}")


def checkpoint_path(output: Path) -> Path:
    """Return where the checkpoint of an output file lies. Raises nothing."""
    return output.with_name(output.name + ENDING)


def read_checkpoint(output: Path, wanted: Checkpoint) -> Checkpoint:
    """Return how far an output has come; `wanted`, where there is neither output nor checkpoint yet.

    Raises:
        ResumeError: the output was made of another input, by another job, or its checkpoint is missing or damaged.
    """
    path = checkpoint_path(output)
    if not path.exists():
        if output.exists():
            raise ResumeError(f"{path} is missing, so nobody knows what {output} was made of; remove it to begin anew")
        return wanted
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Checkpoint)
    except (msgspec.DecodeError, OSError) as error:
        raise ResumeError(f"{path} is damaged ({error}); remove it and {output} to begin anew") from error
    wanted.check_fits(found, output.name)
    return found


def refuse_existing(output: Path) -> None:
    """Refuse to write over what is there.

    Raises:
        ResumeError: the file is there.
    """
    if output.exists():
        raise ResumeError(f"{output} is there already; add --resume to continue it, or remove it")


class LinesFile:
    """An output file of lines that can be continued; its checkpoint never says more than the disk holds."""

    def __init__(self, output: Path, begun: Checkpoint) -> None:
        """Open it, and cut off what stands behind the checkpoint.

        Raises:
            ResumeError: it is not the file that the checkpoint speaks of.
            OSError: it cannot be written.
        """
        self.output, self.state = output, begun
        self._digest = hashlib.sha256()
        self._stream: IO[bytes] = output.open("r+b" if output.exists() else "w+b", buffering=0)
        try:
            self._continue()
        except BaseException:
            self._stream.close()
            raise
        self._saved_at = time.monotonic()

    def _continue(self) -> None:
        left = self.state.size
        while left and (part := self._stream.read(min(READ_BYTES, left))):
            self._digest.update(part)
            left -= len(part)
        if left or self._digest.hexdigest() != self.state.digest:
            raise ResumeError(f"{self.output} was changed since its checkpoint; remove both to begin anew")
        self._stream.truncate(self.state.size)
        self._stream.seek(self.state.size)

    def write(self, answered: Answered) -> None:
        """Add the lines of a chunk. Raises OSError."""
        if not answered.parts:
            return
        content = b"\n".join((*answered.parts, b""))
        self._write_whole(content)
        self._digest.update(content)
        self.state.lines += len(answered.parts)
        self.state.bad += answered.bad
        self.state.size += len(content)
        if time.monotonic() - self._saved_at >= EVERY_S:
            self.save()

    def _write_whole(self, content: bytes) -> None:
        rest = memoryview(content)
        while rest:
            rest = rest[self._stream.write(rest) :]

    def save(self, *, is_complete: bool = False) -> None:
        """Bring the output to the disk, then the checkpoint. Raises OSError."""
        os.fsync(self._stream.fileno())
        self.state.digest, self.state.is_complete = self._digest.hexdigest(), is_complete
        path = checkpoint_path(self.output)
        fresh = path.with_name(path.name + ".new")
        with fresh.open("wb") as stream:
            stream.write(msgspec.json.encode(self.state) + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(path)
        self._saved_at = time.monotonic()

    def close(self) -> None:
        """Close the output; what was not saved is cut off when it is continued."""
        self._stream.close()
