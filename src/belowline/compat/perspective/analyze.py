"""comments:analyze: from a request message to the scores."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from belowline.compat.models import ApiKey
from belowline.compat.perspective import errors
from belowline.compat.perspective.attributes import Attribute, find_attribute, is_supported
from belowline.compat.perspective.schemas import TEXT_TYPES
from belowline.compat.perspective.spans import passages, to_utf16
from belowline.compat.perspective.versions import Version, versions
from belowline.engine.submission import Parent, Story, Submission
from belowline.engine.text.language import guess_language, language_confidences

if TYPE_CHECKING:
    from belowline.engine.decision import Score

MAX_COMMENT_BYTES = 20_480
MAX_ENTRY_BYTES = 1_000_000
MAX_HEADLINE_CHARACTERS = 300
MOST_LANGUAGES = 50
MAX_LANGUAGE_CHARACTERS = 35
"""As RFC 5646 asks of everybody who keeps language tags."""
LIKELY = 0.2
"""Languages less likely than this are not named as detected."""
ENGLISH = "en"
DECIMALS = 8

_INVISIBLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\xad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]+")

type_of_body = dict[str, Any]
type_of_spans = list[tuple[int, int]]


class Caller(NamedTuple):
    """Whom the door answers, and how."""

    languages: Sequence[str] = ("en",)
    """The languages of the texts to expect, the main one first."""
    is_aligned: bool = True
    """Whether scores come on Perspective's old scale."""
    key: ApiKey | None = None


class Asked(NamedTuple):
    """A request that passed every check."""

    text: str
    attributes: list[Attribute]
    parameters: dict[str, type_of_body]
    languages: list[str]
    detected: list[str]
    story: Story | None
    parent: Parent | None


def analyze(request: type_of_body, caller: Caller) -> type_of_body:
    """Return the answer to an AnalyzeCommentRequest.

    Raises:
        ApiError: the request is wrong, or a score could not be computed.
    """
    asked = check(request, caller)
    spans = _spans(asked.text, is_by_sentence=request.get("spanAnnotations", False))
    scorer = Scorer(asked, is_aligned=caller.is_aligned)
    units = to_utf16(asked.text, spans)
    answers = {one.asked: _attribute_scores(one, asked, spans, units, scorer) for one in asked.attributes}
    scores = {name: answer for name, answer in answers.items() if answer}
    found: type_of_body = {"attributeScores": scores} if scores else {}
    found |= {"languages": asked.languages or asked.detected[:1], "detectedLanguages": asked.detected}
    if "clientToken" in request:
        found["clientToken"] = request["clientToken"]
    return found


def check(request: type_of_body, caller: Caller) -> Asked:
    """Return what is asked.

    Raises:
        ApiError: the request is wrong.
    """
    text = check_comment(request)
    story, parent = read_context(request)
    parameters = request.get("requestedAttributes")
    if not parameters:
        raise errors.no_attributes()
    attributes = [_check_attribute(name, parameters[name]) for name in parameters]
    languages, detected = check_languages(request, caller)
    for attribute in attributes:
        others = [one for one in languages or detected[:1] if not is_supported(one)]
        if others:
            raise errors.language_not_supported(attribute.asked, others, requested=bool(languages))
        if attribute.needs_article and story is None:
            raise errors.invalid(
                f"{attribute.asked} needs the article: send it as context.articleAndParentComment.article "
                "or as the first of context.entries"
            )
    return Asked(text, attributes, parameters, languages, detected, story, parent)


def check_comment(request: type_of_body) -> str:
    """Return the comment's text.

    Raises:
        ApiError: it is empty, too long, or no plain text.
    """
    comment = request.get("comment", {})
    text: str = comment.get("text", "")
    if not _INVISIBLE.sub("", text):
        raise errors.comment_empty()
    _check_type(comment)
    if len(text.encode()) > MAX_COMMENT_BYTES:
        raise errors.comment_too_long()
    return text


def read_context(request: type_of_body) -> tuple[Story | None, Parent | None]:
    """Return the article and the comment replied to, as far as they were sent.

    Raises:
        ApiError: both forms were sent, an entry is too long, or no plain text.
    """
    context = request.get("context", {})
    by_name = context.get("articleAndParentComment")
    entries = context.get("entries", [])
    if by_name is not None and entries:
        raise errors.invalid(
            "Context can have either entries or article_and_parent_comment, but both fields were populated."
        )
    for entry in (*entries, *(by_name or {}).values()):
        _check_type(entry)
        if len(entry.get("text", "").encode()) > MAX_ENTRY_BYTES:
            raise errors.invalid("Context entry too long: at most 1000000 bytes.")
    if by_name is not None:
        entries = [by_name.get("article", {}), by_name.get("parentComment", {})]
    article, above = ([entry.get("text", "").strip() for entry in entries] + ["", ""])[:2]
    return (story_of(article) if article else None), (Parent(text=above) if above else None)


def story_of(article: str) -> Story:
    """Return an article that came as one text: a short first line is its headline."""
    first, _, rest = article.partition("\n")
    if len(first) > MAX_HEADLINE_CHARACTERS:
        first, rest = first[:MAX_HEADLINE_CHARACTERS].rpartition(" ")[0] or first[:MAX_HEADLINE_CHARACTERS], article
    return Story(title=first, body=rest.strip())


def check_languages(request: type_of_body, caller: Caller) -> tuple[list[str], list[str]]:
    """Return the languages that were requested, and those detected, the likeliest first.

    Raises:
        ApiError: LANGUAGE_DETECTION_FAILED: none was requested, and the text is in a script of no known language.
    """
    requested = [one[:MAX_LANGUAGE_CHARACTERS] for one in request.get("languages", [])[:MOST_LANGUAGES]]
    text = request["comment"]["text"]
    best = guess_language(text, caller.languages).code
    if best == "und":
        if not requested:
            raise errors.language_unknown()
        return requested, []
    evidence = language_confidences(text, tuple(caller.languages))
    found = {code: value * evidence.trust * evidence.foreign for code, value in evidence.found.items() if code != best}
    others = sorted((code for code in found if found[code] >= LIKELY), key=lambda code: -found[code])
    return requested, [best, *others]


def _check_type(entry: type_of_body) -> None:
    kind = entry.get("type", "PLAIN_TEXT")
    if kind not in TEXT_TYPES:
        raise errors.invalid("Unknown text type")
    if kind == "HTML":
        raise errors.invalid("Currently, only 'PLAIN_TEXT' comments are supported")


def _check_attribute(asked: str, parameters: type_of_body) -> Attribute:
    attribute = find_attribute(asked)
    version = versions().find(attribute.version)
    if version is None or not version.has(attribute.score):
        raise errors.unknown_attribute(asked)
    kind = parameters.get("scoreType", "PROBABILITY")
    if kind not in {"PROBABILITY", "SCORE_TYPE_UNSPECIFIED"}:
        raise errors.invalid(f"Requested score type {errors.shortened(kind)} is not supported by attribute {asked}")
    return attribute


def _attribute_scores(
    attribute: Attribute, asked: Asked, spans: type_of_spans, units: type_of_spans, scorer: "Scorer"
) -> type_of_body:
    """Return the scores of an attribute; empty when the whole text's is below the threshold.

    `spans` are in code points, `units` the same in UTF-16 code units.
    """
    threshold = asked.parameters[attribute.asked].get("scoreThreshold", 0.0)
    summary = scorer.value(attribute, asked.text)
    if summary < threshold:
        return {}
    values = [scorer.value(attribute, asked.text[start:end]) for start, end in spans]
    return {
        "spanScores": [
            {"begin": begin, "end": end, "score": _probability(value)}
            for (begin, end), value in zip(units, values, strict=True)
            if value >= threshold
        ],
        "summaryScore": _probability(summary),
    }


def _spans(text: str, *, is_by_sentence: bool) -> type_of_spans:
    found = passages(text) if is_by_sentence else []
    return found if len(found) > 1 else [(0, len(text))]


def _probability(value: float) -> type_of_body:
    return {"value": round(value, DECIMALS), "type": "PROBABILITY"}


class Scorer:
    """Scores the texts of one request; each text once for all attributes of a version."""

    def __init__(self, asked: Asked, *, is_aligned: bool) -> None:
        self._asked = asked
        self._is_aligned = is_aligned
        self._found: dict[tuple[int, str], dict[str, Score]] = {}

    def value(self, attribute: Attribute, text: str) -> float:
        """Return a score in [0, 1].

        Raises:
            ApiError: it could not be computed.
        """
        version = _version(attribute)
        place = (version.number, text)
        if place not in self._found:
            names = {one.score for one in self._asked.attributes if _version(one) is version}
            submission = Submission(text=text, language=ENGLISH, story=self._asked.story, parent=self._asked.parent)
            self._found[place] = version.score(submission, names)
        score = self._found[place][attribute.score]
        if score.value is None:
            raise _unscored(attribute, score.cause, self._asked.story)
        if self._is_aligned and attribute.score in version.alignment.curves:
            return version.alignment.align(attribute.score, score.value)
        return score.value


def _version(attribute: Attribute) -> Version:
    return versions().find(attribute.version) or versions().newest


def _unscored(attribute: Attribute, cause: str, story: Story | None) -> errors.ApiError:
    if cause == "language_unsupported" and story is not None:
        # The comment's own language was checked: it is the article that is in another one.
        language = guess_language(f"{story.title}\n{story.body}", [ENGLISH]).code
        return errors.language_not_supported(attribute.asked, [language], requested=False)
    return errors.not_scored(attribute.asked)
