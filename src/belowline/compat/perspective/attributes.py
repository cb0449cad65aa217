"""The attributes that are served, and which of our scores answers for each."""

from typing import NamedTuple

from belowline.compat.perspective.errors import unknown_attribute

PRODUCTION = {
    "TOXICITY": "toxicity",
    "SEVERE_TOXICITY": "severe_toxicity",
    "IDENTITY_ATTACK": "identity_attack",
    "INSULT": "insult",
    "PROFANITY": "profanity",
    "THREAT": "threat",
}
"""Perspective's production attributes; each is also served with the suffix _EXPERIMENTAL."""
OTHERS = {"SEXUALLY_EXPLICIT": "sexually_explicit", "SPAM": "spam"}
OFF_TOPIC = "OFF_TOPIC"
SCORES = (
    PRODUCTION
    | {f"{name}_EXPERIMENTAL": score for name, score in PRODUCTION.items()}
    | OTHERS
    | {OFF_TOPIC: "off_topic"}
)
"""Attribute -> our score. What no model was trained for is unknown here, as it would be a guess."""
LANGUAGES = ("en",)
"""The languages that the models read; ISO 639-1."""


class Attribute(NamedTuple):
    """An attribute as it was asked for."""

    asked: str
    """With its version, as the answer repeats it: `TOXICITY@1`."""
    name: str
    score: str
    """Our score behind it."""
    version: int | None
    """The version that was pinned; None: the newest."""

    @property
    def needs_article(self) -> bool:
        """Whether there is nothing to score without an article."""
        return self.name == OFF_TOPIC


def find_attribute(asked: str) -> Attribute:
    """Return the attribute behind a name such as TOXICITY or TOXICITY@1.

    Raises:
        ApiError: INVALID_REQUEST: it is not served.
    """
    name, at, version = asked.partition("@")
    if name not in SCORES or (at and not (version.isascii() and version.isdigit() and len(version) < 6)):  # noqa: PLR2004 - nobody counts that far
        raise unknown_attribute(asked)
    return Attribute(asked, name, SCORES[name], int(version) if at else None)


def is_supported(language: str) -> bool:
    """Say whether a language tag (ISO 639-1 or BCP-47) names a language that the models read."""
    return language.replace("_", "-").partition("-")[0].lower() in LANGUAGES and "-latn" not in language.lower()
