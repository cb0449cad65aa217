"""The messages of v1alpha1, as the discovery document names them; they also read requests and make the OpenAPI.

After Google's discovery document commentanalyzer v1alpha1, revision 20200301.
"""

from typing import Any

Schema = dict[str, Any]

TEXT_TYPES = ("TEXT_TYPE_UNSPECIFIED", "PLAIN_TEXT", "HTML")
SCORE_TYPES = ("SCORE_TYPE_UNSPECIFIED", "PROBABILITY", "STD_DEV_SCORE", "PERCENTILE", "RAW")


def _text(description: str) -> Schema:
    return {"type": "string", "description": description}


def _yes_or_no(description: str) -> Schema:
    return {"type": "boolean", "description": description}


def _number(description: str) -> Schema:
    return {"type": "number", "format": "float", "description": description}


def _count(description: str) -> Schema:
    return {"type": "integer", "format": "int32", "description": description}


def _one_of(values: tuple[str, ...], description: str) -> Schema:
    return {"type": "string", "enum": list(values), "description": description}


def _message(name: str, description: str) -> Schema:
    return {"$ref": name, "description": description}


def _list(items: Schema, description: str) -> Schema:
    return {"type": "array", "items": items, "description": description}


def _map(name: str, description: str) -> Schema:
    return {"type": "object", "additionalProperties": {"$ref": name}, "description": description}


def _object(name: str, description: str, **properties: Schema) -> Schema:
    return {"id": name, "type": "object", "description": description, "properties": properties}


_COMMENT = _message("TextEntry", "The comment.")
_CONTEXT = _message("Context", "The article, and the comment replied to.")
_LANGUAGES = _list({"type": "string"}, "ISO 639-1 or BCP-47 codes of the comment; absent: detected.")
_TOKEN = _text("An opaque token that the answer repeats.")
_SESSION = _text("An opaque name that joins calls.")
_COMMUNITY = _text("An opaque name of the community that the comment belongs to.")
_DETECTED = _list({"type": "string"}, "The languages found in the text, the likeliest first.")

SCHEMAS: dict[str, Schema] = {
    one["id"]: one
    for one in (
        _object(
            "TextEntry",
            "A text.",
            text=_text("UTF-8 text; at most 20480 bytes for a comment."),
            type=_one_of(TEXT_TYPES, "Plain text is what is read; unspecified means plain text."),
        ),
        _object(
            "ArticleAndParentComment",
            "What a comment stands under, and what it replies to.",
            article=_message("TextEntry", "The article; its first line counts as the headline."),
            parentComment=_message("TextEntry", "The comment replied to; only for replies."),
        ),
        _object(
            "Context",
            "One of the two forms; an error if both are given.",
            entries=_list({"$ref": "TextEntry"}, "First the article, then the comment replied to."),
            articleAndParentComment=_message("ArticleAndParentComment", "The same, by name."),
        ),
        _object(
            "AttributeParameters",
            "How one attribute shall be scored.",
            scoreType=_one_of(SCORE_TYPES, "Only PROBABILITY, which is also the default."),
            scoreThreshold=_number("Scores below it are left out; absent: all are given."),
        ),
        _object(
            "Score",
            "A score and its kind.",
            value=_number("In [0, 1]."),
            type=_one_of(SCORE_TYPES, "Always PROBABILITY."),
        ),
        _object(
            "SpanScore",
            "The score of a passage.",
            begin=_count("Where the passage begins, in UTF-16 code units."),
            end=_count("Where it ends, exclusive."),
            score=_message("Score", "The passage's score."),
        ),
        _object(
            "AttributeScores",
            "All scores of one attribute.",
            summaryScore=_message("Score", "The score of the whole comment."),
            spanScores=_list({"$ref": "SpanScore"}, "The scores of its passages."),
        ),
        _object(
            "AnalyzeCommentRequest",
            "A comment, and what to score.",
            comment=_COMMENT,
            context=_CONTEXT,
            requestedAttributes=_map("AttributeParameters", "The attributes to score, by name."),
            languages=_LANGUAGES,
            doNotStore=_yes_or_no("Accepted; analysed comments are never stored."),
            clientToken=_TOKEN,
            sessionId=_SESSION,
            communityId=_COMMUNITY,
            spanAnnotations=_yes_or_no("Whether each sentence shall be scored too."),
        ),
        _object(
            "AnalyzeCommentResponse",
            "The scores.",
            attributeScores=_map("AttributeScores", "The scores, by the attribute's name as asked."),
            languages=_list({"type": "string"}, "The languages that the scores were made for."),
            detectedLanguages=_DETECTED,
            clientToken=_TOKEN,
        ),
        _object(
            "SuggestCommentScoreRequest",
            "A comment, and what it should have scored.",
            comment=_COMMENT,
            context=_CONTEXT,
            attributeScores=_map("AttributeScores", "The scores, by the attribute's name; none may be empty."),
            languages=_LANGUAGES,
            clientToken=_TOKEN,
            sessionId=_SESSION,
            communityId=_COMMUNITY,
        ),
        _object(
            "SuggestCommentScoreResponse",
            "What was understood.",
            clientToken=_TOKEN,
            detectedLanguages=_DETECTED,
            requestedLanguages=_list({"type": "string"}, "The languages as requested."),
        ),
    )
}
"""By name, in the order of reading."""
