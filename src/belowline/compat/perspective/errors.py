"""Every error that the door answers with, in Google's envelope and wording: clients match the text."""

from typing import Any

OUR_TYPE = "type.googleapis.com/google.commentanalyzer.v1alpha1.Error"
INFO_TYPE = "type.googleapis.com/google.rpc.ErrorInfo"
HELP_TYPE = "type.googleapis.com/google.rpc.Help"
SERVICE = "commentanalyzer.googleapis.com"

type_of_body = dict[str, Any]


class ApiError(Exception):
    """An answer other than 200: HTTP status, canonical status, message and details."""

    def __init__(self, code: int, status: str, message: str, details: list[type_of_body]) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.message = message
        self.details = details

    @property
    def body(self) -> type_of_body:
        """The envelope."""
        error = {"code": self.code, "message": self.message, "status": self.status, "details": self.details}
        return {"error": error}


def invalid(message: str, error_type: str = "INVALID_REQUEST", **detail: Any) -> ApiError:
    """Return a 400 with one of Perspective's own error types."""
    return ApiError(400, "INVALID_ARGUMENT", message, [{"@type": OUR_TYPE, "errorType": error_type, **detail}])


def comment_empty() -> ApiError:
    """Return the error for a comment without a visible character."""
    return invalid("Comment must be non-empty.", "COMMENT_EMPTY")


def comment_too_long() -> ApiError:
    """Return the error for a comment of more than 20480 bytes."""
    return invalid("Comment text too long.", "COMMENT_TOO_LONG")


def no_attributes() -> ApiError:
    """Return the error for a request that asks for no attribute."""
    return invalid("Missing requested_attributes", "NO_REQUESTED_ATTRIBUTES")


def unknown_attribute(name: str) -> ApiError:
    """Return the error for an attribute, or a version of one, that is not served."""
    return invalid(f"Unknown requested attribute: {shortened(name)}")


def shortened(name: str) -> str:
    """Return what may be repeated of a name that somebody sent."""
    return name[:60]


def language_not_supported(attribute: str, languages: list[str], *, requested: bool) -> ApiError:
    """Return the error for languages that no model of the attribute reads."""
    inner = {"requestedLanguages" if requested else "detectedLanguages": languages, "attribute": attribute}
    return invalid(
        f"Attribute {attribute} does not support request languages: {','.join(languages)}",
        "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
        languageNotSupportedByAttributeError=inner,
    )


def language_unknown() -> ApiError:
    """Return the error for a text whose language nobody could tell."""
    return invalid("Unable to detect language", "LANGUAGE_DETECTION_FAILED")


def key_invalid() -> ApiError:
    """Return the error for a key that is not, or no longer, known."""
    info = {"@type": INFO_TYPE, "reason": "API_KEY_INVALID", "domain": "googleapis.com"}
    message = "API key not valid. Please pass a valid API key."
    return ApiError(400, "INVALID_ARGUMENT", message, [info | {"metadata": {"service": SERVICE}}])


def key_missing() -> ApiError:
    """Return the error for a call without a key."""
    message = (
        "Method doesn't allow unregistered callers (callers without established identity). "
        "Please use API Key or other form of API consumer identity to call this API."
    )
    info = {"@type": INFO_TYPE, "reason": "API_KEY_MISSING", "domain": "googleapis.com"}
    return ApiError(403, "PERMISSION_DENIED", message, [info | {"metadata": {"service": SERVICE}}])


def quota_exceeded(project: int, limit: int) -> ApiError:
    """Return the error for a call over the key's quota for this minute."""
    metric = "Analysis requests (AnalyzeComment)"
    message = (
        f"Quota exceeded for quota metric '{metric}' and limit '{metric} per minute' "
        f"of service '{SERVICE}' for consumer 'project_number:{project}'."
    )
    info = {
        "@type": INFO_TYPE,
        "reason": "RATE_LIMIT_EXCEEDED",
        "domain": "googleapis.com",
        "metadata": {
            "quota_limit": "AnalyzeRequestsPerMinutePerProject",
            "quota_limit_value": str(limit),
            "quota_metric": "CommentAnalyzerService/analyze_requests",
            "quota_location": "global",
            "consumer": f"projects/{project}",
            "service": SERVICE,
        },
    }
    link = {
        "description": "Request a higher quota limit.",
        "url": "https://cloud.google.com/docs/quota#requesting_higher_quota",
    }
    return ApiError(429, "RESOURCE_EXHAUSTED", message, [info, {"@type": HELP_TYPE, "links": [link]}])


def not_found() -> ApiError:
    """Return the error for an address that the door does not have."""
    return ApiError(404, "NOT_FOUND", "Method not found.", [_reason("METHOD_NOT_FOUND")])


def method_not_allowed() -> ApiError:
    """Return the error for another HTTP method than POST."""
    return ApiError(405, "UNIMPLEMENTED", "Use POST with a JSON body.", [_reason("METHOD_NOT_ALLOWED")])


def not_scored(attribute: str) -> ApiError:
    """Return the error for a score that could not be computed in time; the call may be repeated."""
    message = f"Attribute {attribute} could not be scored; try again."
    return ApiError(503, "UNAVAILABLE", message, [_reason("NOT_SCORED")])


def internal() -> ApiError:
    """Return the error for what should not happen; the log has its type."""
    return ApiError(500, "INTERNAL", "Internal error encountered.", [_reason("INTERNAL")])


def _reason(reason: str) -> type_of_body:
    return {"@type": INFO_TYPE, "reason": reason, "domain": "googleapis.com", "metadata": {"service": SERVICE}}
