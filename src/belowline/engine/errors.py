"""Every error that the engine raises on purpose.

BelowlineError
├── SubmissionError    what was handed in cannot be judged
├── PolicyError        the policy file is wrong: line, key and the mend
├── CertificateError   the certificate does not belong to the policy
└── ModelError         a shipped model is missing, damaged or of another version
"""


class BelowlineError(Exception):
    """An error with a stable code and a message that says what to do."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class SubmissionError(BelowlineError):
    """What was handed in cannot be judged: `text_empty`, `text_too_long`, `invalid_input`."""

    code = "invalid_input"


class PolicyError(BelowlineError):
    """The policy file is wrong; `line` counts from 1, `key` is the dotted path."""

    code = "invalid_policy"

    def __init__(self, message: str, *, line: int | None = None, key: str | None = None) -> None:
        place = f"line {line}: " if line else ""
        name = f"{key}: " if key else ""
        super().__init__(f"{place}{name}{message}")
        self.line = line
        self.key = key


class CertificateError(BelowlineError):
    """A certificate is none, proves nothing, or is about another policy."""

    code = "invalid_certificate"


class ModelError(BelowlineError):
    """A shipped model is missing, damaged or of another version."""

    code = "model_unusable"
