"""What people decided about a site's comments, as calibration, backtests and learning read it.

A comment counts with its latest word of a person: a decision that was not taken back, the answer to an audit, or a
decision that was upheld against an appeal. What the machine alone decided is no evidence of what moderators want, and
is left out; so are comments that their authors deleted.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from heapq import nlargest
from typing import Any, Literal, NamedTuple

from django.db.models import Exists, OuterRef, Prefetch, Q

from belowline.comments.models import Comment
from belowline.engine import submission
from belowline.engine.cutoffs import Past
from belowline.engine.policy import load_policy
from belowline.moderation.kept_scores import causes_of, values_of
from belowline.moderation.models import Appeal, Audit, Decision, PolicyVersion
from belowline.stories.models import Site

CHUNK = 500
"""So many comments are in memory at once."""
GOOD: dict[str, Literal["published", "refused"]] = {
    Decision.Outcome.PUBLISH: "published",
    Decision.Outcome.REJECT: "refused",
    Decision.Outcome.REMOVE: "refused",
}
"""A person's outcome -> what it says of the comment; holding says nothing."""


class Decided(NamedTuple):
    """A comment with what a person decided about it."""

    comment_id: int
    text: str
    """As it was when the person decided: untrusted."""
    story: submission.Story | None
    parent: submission.Parent | None
    section: str
    language: str
    """As the engine found it; empty where it did not judge this text."""
    scores: dict[str, float | None]
    """Of the engine's newest decision on this text, in [0, 1], None: unchecked; empty where there is none."""
    model: str
    """The versions of the models that gave the scores."""
    outcome: Literal["published", "refused"]
    rule: str
    """The code of the rule that the person named; empty for what was published."""
    at: datetime
    """When the person decided."""
    chance: float | None
    """In (0, 1]: how probable it was that a person would look: 1 for what the machine held, the audit share for what
    it settled and was drawn. None: something else led there (a report, a look around), so it stands for nothing but
    itself."""
    was_audited: bool = False
    """Whether the machine had settled it, and chance drew it for a person."""
    causes: Mapping[str, str] = {}
    """Why a score is None."""
    judges_topic: bool = True
    """False: an editor has said that nothing is off topic under its story."""

    @property
    def is_good(self) -> bool:
        """Whether the person published it."""
        return self.outcome == "published"

    @property
    def submission(self) -> submission.Submission:
        """What the engine is to judge; earlier comments of the author are not part of it."""
        return submission.Submission(
            text=self.text,
            id=str(self.comment_id),
            language=self.language or None,
            story=self.story,
            parent=self.parent,
        )

    @property
    def past(self) -> Past:
        """The same as calibration reads it."""
        return Past(
            self.scores,
            self.is_good,
            self.section,
            self.language,
            self.rule,
            self.at,
            self.causes,
            judges_topic=self.judges_topic,
        )


class _Word(NamedTuple):
    """What a person said of a comment, and about which of its decisions."""

    at: datetime
    outcome: str
    rule: str
    about: Decision


def site_history(site: Site, *, since: datetime | None = None) -> Iterator[Decided]:
    """Yield every comment of a site that a person decided (at or after `since`), the oldest comment first."""
    shares = _Shares()
    for comment in _looked_at(site).iterator(chunk_size=CHUNK):
        found = _decided(comment, shares)
        if found is not None and (since is None or found.at >= since):
            yield found


def newest_decided(site: Site, most: int) -> list[Decided]:
    """Return the newest `most` of a site's history, in the order in which people decided."""
    stories: dict[submission.Story | None, submission.Story | None] = {}
    # Each article is kept once: a history holds it many times.
    read = (one._replace(story=stories.setdefault(one.story, one.story)) for one in site_history(site))
    return nlargest(most, read, key=lambda one: (one.at, one.comment_id))[::-1]


def count_decided(site: Site, since: datetime | None = None) -> int:
    """Return how many decisions and reviews persons have made on a site, since then or at all."""
    decisions = Decision.objects.filter(comment__story__site=site, maker=Decision.Maker.PERSON, undoes=None)
    reviews = Audit.objects.filter(decision__comment__story__site=site, reviewed_at__isnull=False)
    decisions, reviews = decisions.exclude(comment__text_source=""), reviews.exclude(decision__comment__text_source="")
    if since is not None:
        decisions, reviews = decisions.filter(created_at__gt=since), reviews.filter(reviewed_at__gt=since)
    return decisions.count() + reviews.count()


def fair_draw(history: Iterable[Decided]) -> list[Decided]:
    """Return a part of a history in which every comment of the site had the same chance to be.

    All that was held came before a person, but only a share of what the machine settled. So of each kind only so many
    are kept as of the rarest one. Which ones is chosen by the comments' ids alone: the same on every call. Empty where
    no audit is among them: then nothing is known of what the machine settled.
    """
    known = [(decided, decided.chance) for decided in history if decided.chance is not None]
    least = min((chance for _, chance in known), default=1.0)
    if least == 1.0 and not any(decided.was_audited for decided, _ in known):
        return []
    return [decided for decided, chance in known if _lot(decided.comment_id) * chance < least]


def _lot(comment_id: int) -> float:
    """Return a number in [0, 1) that is as good as drawn at random, and always the same for a comment."""
    return int.from_bytes(hashlib.sha256(f"fair draw {comment_id}".encode()).digest()[:7]) / 2**56


def _looked_at(site: Site) -> Any:
    of_comment = Decision.objects.filter(comment=OuterRef("pk"))
    by_person = of_comment.filter(maker=Decision.Maker.PERSON, undoes=None)
    audited = of_comment.filter(audit__reviewed_at__isnull=False)
    upheld = of_comment.filter(appeal__state=Appeal.State.UPHELD)
    decisions = Decision.objects.select_related("appeal", "audit__policy_version", "revision").order_by("id")
    return (
        Comment.objects.filter(Q(Exists(by_person)) | Q(Exists(audited)) | Q(Exists(upheld)), story__site=site)
        .exclude(status=Comment.Status.DELETED)
        .exclude(text_source="")  # erased: its time is over
        .select_related("story", "parent__root")
        .prefetch_related(Prefetch("decisions", queryset=decisions, to_attr="history"))
        .order_by("pk")
    )


def _decided(comment: Comment, shares: "_Shares") -> Decided | None:
    decisions: list[Decision] = comment.history  # type: ignore[attr-defined] # _looked_at sets it
    words = [word for decision in decisions for word in _words(decision)]
    undone = {decision.undoes_id for decision in decisions}
    standing = [word for word in words if word.outcome in GOOD and word.about.pk not in undone]
    if not standing:
        return None
    last = max(standing, key=lambda word: word.at)
    judged = _judged(decisions, last)
    return Decided(
        comment_id=comment.pk,
        text=last.about.revision.text_source,
        story=comment.story.for_engine(),
        parent=_parent(comment),
        section=comment.story.section,
        language=judged.language if judged else "",
        scores=values_of(judged.scores) if judged else {},
        model=judged.model if judged else "",
        outcome=GOOD[last.outcome],
        rule=last.rule,
        at=last.at,
        chance=_chance(decisions, shares),
        was_audited=any(_is_answered(_audit(decision)) for decision in decisions),
        causes=causes_of(judged.scores) if judged else {},
        judges_topic=comment.story.judges_topic,
    )


def _words(decision: Decision) -> Iterator[_Word]:
    """Yield what people said in a decision and of it: undoing says nothing, it takes words back."""
    rule = decision.first_reason["rule"] if decision.first_reason else ""
    if decision.maker == Decision.Maker.PERSON and decision.undoes_id is None:
        yield _Word(decision.created_at, decision.outcome, rule, decision)
    if (confirmed_at := _confirmed_at(decision)) is not None:
        yield _Word(confirmed_at, decision.outcome, rule, decision)
    audit = _audit(decision)
    if audit and audit.reviewed_at is not None:
        yield _Word(audit.reviewed_at, audit.outcome, audit.rule, decision)


def _audit(decision: Decision) -> Audit | None:
    return getattr(decision, "audit", None)


def _confirmed_at(decision: Decision) -> datetime | None:
    """Return when a person upheld a decision against an appeal; an overturned one has led to another decision."""
    appeal: Appeal | None = getattr(decision, "appeal", None)
    return appeal.decided_at if appeal and appeal.state == Appeal.State.UPHELD else None


def _is_answered(audit: Audit | None) -> bool:
    return audit is not None and audit.reviewed_at is not None


def _judged(decisions: list[Decision], last: _Word) -> Decision | None:
    """Return the engine's newest decision about the text that the person saw."""
    of_text = (
        decision
        for decision in reversed(decisions)
        if decision.maker == Decision.Maker.ENGINE and decision.revision_id == last.about.revision_id
    )
    return next(of_text, None)


def _chance(decisions: list[Decision], shares: "_Shares") -> float | None:
    """Return how probable it was that a person would look at this comment, by the first that the engine decided."""
    first = next((decision for decision in decisions if decision.maker == Decision.Maker.ENGINE), None)
    if first is None:
        return None
    if first.outcome == Decision.Outcome.HOLD:
        return 1.0
    audit = _audit(first)
    return shares.of(audit.policy_version) if audit and audit.reviewed_at is not None else None


class _Shares:
    """The audit share of each policy version, each text read once."""

    def __init__(self) -> None:
        self._known: dict[int | None, float] = {}

    def of(self, version: PolicyVersion | None) -> float | None:
        """Return the share in (0, 1]; None: the policy draws nothing now, so who knows why this was drawn."""
        key = version.pk if version else None
        if key not in self._known:
            policy = version.parse() if version else load_policy()
            self._known[key] = policy.settings.audit_share
        return self._known[key] or None


def _parent(comment: Comment) -> submission.Parent | None:
    if comment.parent is None:
        return None
    root = comment.parent.root
    return submission.Parent(text=comment.parent.text_source, root_text=root.text_source if root else "")
