"""The real command line around an engine of two small signals that load in no time."""

from belowline.cli import loading, main
from belowline.engine.decision import Score, Span
from belowline.engine.judge import Engine
from belowline.engine.policy import load_policy, parse_policy

POLICY = """
[policy]
name = "Fake"
sentence = "Be kind."
[rules.abuse]
title = "Abuse"
score = "insult"
hold = 0.6
for_readers = "No."
for_moderators = "Weigh."
explanation = "“{excerpt}” is an insult."
[rules.off_topic]
title = "Off topic"
score = "off_topic"
hold = 0.7
unchecked = "ignore"
for_readers = "No."
for_moderators = "Weigh."
explanation = "Not about “{story}”."
"""


class Insults:
    """Knows one insult."""

    name, scores, version = "insults", ("toxicity", "insult"), "insults-1"

    def measure(self, prepared):
        text = prepared.submission.text
        if "explode" in text:
            raise RuntimeError("boom")
        start = text.find("idiot")
        if start < 0:
            return {"toxicity": Score(value=0.123456), "insult": Score(value=0.0)}
        span = Span(start, start + len("idiot"), 0.987654, "insult")
        return {"toxicity": Score(value=0.8), "insult": Score(value=0.912345, spans=(span,))}


class Topic:
    """On topic is what shares a word with the title or with the comment replied to."""

    name, scores, version = "topic", ("off_topic",), "topic-1"

    def measure(self, prepared):
        submission = prepared.submission
        if submission.story is None:
            return {"off_topic": Score.unchecked("no_story")}
        near = submission.story.title + " " + (submission.parent.text if submission.parent else "")
        shared = set(submission.text.lower().split()) & set(near.lower().split())
        return {"off_topic": Score(value=0.1 if shared else 0.9)}


def load_engine(policy=None, head=None):
    """Stand in for belowline.cli.loading.load_engine; a wrong policy is refused in the same way."""
    with loading.start_errors():
        chosen = load_policy(policy) if policy else parse_policy(POLICY)
    return Engine((Insults(), Topic()), chosen)


if __name__ == "__main__":
    loading.load_engine = load_engine
    main(prog_name="belowline")
