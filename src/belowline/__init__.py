"""Belowline: the comment section of a news site, with its own judgement on the machine that it runs on."""

from belowline.engine.decision import Decision, Outcome, Reason, Score, Span, Unchecked
from belowline.engine.errors import BelowlineError
from belowline.engine.judge import Engine
from belowline.engine.policy import Policy, load_policy
from belowline.engine.submission import AuthorFacts, Earlier, Parent, Story, Submission

__version__ = "0.1.0"

__all__ = [
    "AuthorFacts",
    "BelowlineError",
    "Decision",
    "Earlier",
    "Engine",
    "Outcome",
    "Parent",
    "Policy",
    "Reason",
    "Score",
    "Span",
    "Story",
    "Submission",
    "Unchecked",
    "__version__",
    "load_policy",
]
