"""What can go wrong when many comments are judged at once.

BulkError
├── InputError       the input cannot be read, or not in this way
├── ResumeError      a file that was begun cannot be continued
├── WorkerError      the processes that judge cannot be kept running, or compute something else
└── MissingPackageError   what this needs is not installed
"""

from belowline.engine.errors import BelowlineError


class BulkError(BelowlineError):
    """Many comments could not be judged at once."""

    code = "bulk_failed"


class InputError(BulkError):
    """The input cannot be read, or not in this way."""

    code = "bulk_input"


class ResumeError(BulkError):
    """A file that was begun cannot be continued."""

    code = "cannot_resume"


class WorkerError(BulkError):
    """The processes that judge cannot be kept running, or compute something else than the first one."""

    code = "workers_failed"


class MissingPackageError(BulkError):
    """What this needs is not installed."""

    code = "not_installed"
