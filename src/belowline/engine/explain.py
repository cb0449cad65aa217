"""Sentences for people: why a rule was met."""

from belowline.engine.decision import Score, Span
from belowline.engine.policy import Rule
from belowline.engine.submission import Submission

MAX_EXCERPT_CHARACTERS = 140
CAUSES = {
    "error": "one of our checks failed",
    "timeout": "one of our checks took too long",
    "no_story": "there was no article to compare it with",
    "language_unsupported": "we cannot check this language by machine",
    "story_language_unsupported": "we cannot check the language of the article by machine",
    "not_measured": "this check is not installed",
    "no_head": "this newsroom's own model is not there",
    "engine_failed": "our checks were not available",
}
"""Every cause of an unchecked score, in a reader's words. docs/reference/signals.md lists them."""
UNCHECKED = "We could not check the rule “{title}”: {cause}. So a person looks at it."
UNJUDGED = "A person looks at this comment, because {cause}."


def explain(rule: Rule, score: Score, span: Span | None, submission: Submission) -> str:
    """Return the sentence that the author reads about this rule."""
    if score.value is None:
        cause = CAUSES.get(score.cause, CAUSES["error"])
        return UNCHECKED.format(title=rule.title, cause=cause)
    return rule.explanation.format(
        excerpt=excerpt(submission.text, span),
        evidence=score.evidence,
        story=submission.story.title if submission.story else "",
    )


def excerpt(text: str, span: Span | None) -> str:
    """Return the passage, or the beginning of the text, in one line of at most 140 characters."""
    passage = text[span.start : span.end] if span else text
    line = " ".join(passage.split())
    if len(line) <= MAX_EXCERPT_CHARACTERS:
        return line
    return line[: MAX_EXCERPT_CHARACTERS - 1].rstrip() + "…"
