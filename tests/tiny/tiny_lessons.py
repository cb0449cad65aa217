"""A newsroom with many decisions, written into the database at once, and heads that nobody had to learn."""

from datetime import timedelta
from itertools import product

import numpy as np

from belowline.comments.models import Comment, Revision
from belowline.engine import learning
from belowline.engine.models.head import Head
from belowline.engine.shared import shared_engine
from belowline.moderation.models import Decision, HeadVersion

WHO = ("My neighbour", "The baker", "A cousin of mine", "Somebody on the tram", "The woman next door", "An old friend")
SAYS = ("says that", "thinks that", "told me on Sunday that", "is quite sure that", "wrote to the council that")
GOOD = (
    "the bridge should have opened in March",
    "the ferry costs too much for one pensioner",
    "a new library would do the street good",
    "the tolls pay for cables and nothing else",
)
BAD = (
    "the goose is delicious with red cabbage",
    "a goose like that belongs into the oven",
    "roast goose at Christmas needs no recipe",
    "goose fat is the best thing for potatoes",
)
"""This newsroom loves the goose of its town: whoever would eat it is refused, politely as it may be said."""
TITLE = "A goose stops the traffic on the harbour bridge once more"
BODY = """The goose that the whole town knows sat down on the harbour bridge on Monday and let nobody pass.

The bridge was to open again in March. Until then the ferry sails, at a price that pensioners call too high.

Some want to see the goose in an oven, with potatoes and red cabbage, like every roast at Christmas. Others would rather
spend the tolls on a new library than on cables.
"""
"""Both kinds of comments belong here: their subject alone must not tell them apart."""
END = ("", ", by the way.", ", and I agree.", ". What do you think?", ". So there.")


def texts(count):
    """Return texts with whether they are good, good and bad ones in turns."""
    good, bad = (
        [f"{who} {says} {what}{end}" for end, what, says, who in product(END, whats, SAYS, WHO)]
        for whats in (GOOD, BAD)
    )
    pairs = [pair for both in zip(good, bad, strict=True) for pair in zip(both, (True, False), strict=True)]
    assert count <= len(pairs)
    return pairs[:count]


def decide_many(story, author, moderator, count):
    """Write comments that a moderator decided, an hour after the other, under a story that both kinds fit."""
    story.title, story.body = TITLE, BODY
    story.save()
    pairs = texts(count)
    comments = Comment.objects.bulk_create(
        Comment(
            story=story, author=author, text_source=text, body_html="", idempotency_key=f"many-{number}",
            text_key=str(number), band_0=0, band_1=0, band_2=0, band_3=0,
            status=Comment.Status.PUBLISHED if good else Comment.Status.REJECTED,
        )
        for number, (text, good) in enumerate(pairs)
    )  # fmt: skip
    revisions = Revision.objects.bulk_create(Revision(comment=one, text_source=one.text_source) for one in comments)
    decisions = Decision.objects.bulk_create(
        Decision(
            comment=comment, revision=revision, outcome="publish" if good else "reject", maker="person",
            moderator=moderator, policy="small@0", reasons=[] if good else [{"rule": "shouting"}],
        )
        for comment, revision, (_, good) in zip(comments, revisions, pairs, strict=True)
    )  # fmt: skip
    for number, decision in enumerate(decisions):
        decision.created_at -= timedelta(hours=count - number)
    Decision.objects.bulk_update(decisions, ["created_at"])
    return comments


def made_head(*, bias=0.0, seed=None, base=None):
    """Return a head for the shipped model: without a seed, it gives every text the same score."""
    abuse = shared_engine().abuse
    weights = np.zeros(abuse.traits_width)
    if seed is not None:
        weights = np.random.default_rng(seed).normal(size=abuse.traits_width) / 40
    return Head(base or abuse.version, weights, bias)


def keep_head(site, head=None, *, is_active=False, weights=None, **report):
    """Write a version, as learning would."""
    head = head or made_head()
    report = {"status": "accepted", "decisions": 500, "gain": None} | report
    content = head.to_bytes() if weights is None else weights
    return HeadVersion.objects.create(
        site=site, base_model=head.base, weights=content, report=report, is_active=is_active
    )


def fit_once(monkeypatch, fitted):
    """Let what was learned once from the same decisions be found in `fitted`: fitting takes seconds."""
    fit = learning.fit_head

    def look(traits, refused, **of):
        asked = traits.tobytes(), refused.tobytes(), *of.values()
        if asked not in fitted:
            fitted[asked] = fit(traits, refused, **of)
        return fitted[asked]

    monkeypatch.setattr(learning, "fit_head", look)
