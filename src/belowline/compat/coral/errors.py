"""Why a request of the phase is not answered."""


class PhaseError(Exception):
    """An answer other than 200 and 204: HTTP status, a stable code, and what to do."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
