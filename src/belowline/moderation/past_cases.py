"""A site's own past as rehearsals read it: comments that the engine judged, with what people said of them since.

Unlike `moderation.history`, comments that no person has looked at are there too: a rehearsal counts what would become
of them, and says that nobody knows whether that is right.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from django.db.models import Q
from msgspec.structs import replace

from belowline.comments.models import Comment, Revision
from belowline.engine.errors import PolicyError, SubmissionError
from belowline.engine.learning import SCORE
from belowline.engine.policy import Settings, load_policy
from belowline.engine.rehearsal import Case, Change
from belowline.engine.rehearsal_scores import Given, Scorer
from belowline.engine.submission import Parent, Submission
from belowline.moderation.engine import usable_head
from belowline.moderation.history import GOOD
from belowline.moderation.kept_scores import causes_of, values_of
from belowline.moderation.models import Appeal, Audit, Decision, PolicyVersion
from belowline.stories.models import Site

CHUNK = 500
"""So many decisions are in memory at once."""


T = TypeVar("T")


def batched(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield the rows in lists of `size`; itertools has this from Python 3.12 on."""
    source = iter(rows)
    while chunk := list(islice(source, size)):
        yield chunk


class Word(NamedTuple):
    """What a person said of a comment last."""

    at: datetime
    is_good: bool
    rule: str


class _Judged(NamedTuple):
    """The engine's newest decision about a comment."""

    id: int
    comment_id: int
    revision_id: int
    scores: dict[str, Any]
    model: str
    policy: str
    section: str
    judges_topic: bool


def site_cases(site: Site, scorer: Scorer, limit: int | None = None) -> Iterator[Case]:
    """Yield the comments of a site that the engine judged last, the newest first, each once; at most `limit`.

    Comments that their authors deleted are left out, and so are those that cannot be judged at all.

    Raises:
        ModelError: a comment is to be measured, and a model is missing or damaged.
    """
    settings, head = _SettingsOf(site), usable_head(site)
    for chunk in _chunks(site, limit):
        words = people_words([row.revision_id for row in chunk])
        given = {row.id: _given(row, settings, head.version if head else None) for row in chunk}
        wanted = [row for row in chunk if scorer.needs_text(given[row.id])]
        texts = _submissions(wanted)
        for row in chunk:
            try:
                measured = scorer.measure(texts.get(row.comment_id), given[row.id])
            except SubmissionError:
                continue  # no scores, and a text that this release refuses
            word = words.get(row.comment_id)
            yield Case(
                key=str(row.comment_id),
                before=measured.before,
                after=measured.after,
                is_good=word.is_good if word else None,
                section=row.section,
                rule=word.rule if word else "",
                causes=measured.causes,
                judges_topic=row.judges_topic,
            )


def with_texts(changes: Collection[Change]) -> list[Change]:
    """Return changes of a rehearsal with the present texts of their comments; empty where one is gone."""
    filled: list[Change] = []
    for chunk in batched(changes, CHUNK):
        rows = Comment.objects.filter(pk__in=[int(change.key) for change in chunk])
        texts = dict(rows.values_list("pk", "text_source"))
        filled += [replace(change, text=texts.get(int(change.key), "")) for change in chunk]
    return filled


def people_words(revisions: Collection[int]) -> dict[int, Word]:
    """Return the last word of a person about these texts, by comment, as `moderation.history` understands it."""
    found: dict[int, Word] = {}

    def take(comment_id: int, at: datetime, outcome: str, rule: str) -> None:
        word = Word(at, GOOD[outcome] == "published", rule)
        found[comment_id] = max(found.get(comment_id, word), word, key=lambda one: one.at)

    stands = Q(undoes=None, undone_by=None)
    decisions = Decision.objects.filter(
        stands, revision__in=revisions, maker=Decision.Maker.PERSON, outcome__in=list(GOOD)
    )
    for comment_id, at, outcome, reasons in decisions.values_list("comment_id", "created_at", "outcome", "reasons"):
        take(comment_id, at, outcome, reasons[0]["rule"] if reasons else "")
    audits = Audit.objects.filter(
        decision__revision__in=revisions, decision__undone_by=None, reviewed_at__isnull=False, outcome__in=list(GOOD)
    )
    for comment_id, reviewed_at, outcome, rule in audits.values_list(
        "decision__comment_id", "reviewed_at", "outcome", "rule"
    ):
        if reviewed_at:
            take(comment_id, reviewed_at, outcome, rule)
    upheld = Appeal.objects.filter(
        decision__revision__in=revisions, decision__undone_by=None, state=Appeal.State.UPHELD, decided_at__isnull=False
    )
    for comment_id, decided_at, outcome, reasons in upheld.filter(decision__outcome__in=list(GOOD)).values_list(
        "decision__comment_id", "decided_at", "decision__outcome", "decision__reasons"
    ):
        if decided_at:
            take(comment_id, decided_at, outcome, reasons[0]["rule"] if reasons else "")
    return found


def _chunks(site: Site, limit: int | None) -> Iterator[list[_Judged]]:
    """Yield the decisions, each comment once. Decisions that come while this runs are not missed, nor read twice."""
    columns = (
        "id",
        "comment_id",
        "revision_id",
        "scores",
        "model",
        "policy",
        "comment__story__section",
        "comment__story__judges_topic",
    )
    rows = (
        Decision.objects.filter(maker=Decision.Maker.ENGINE, comment__story__site=site)
        .exclude(comment__status=Comment.Status.DELETED)
        .exclude(comment__text_source="")  # erased: its time is over
        .order_by("-id")
        .values_list(*columns)
    )
    seen: set[int] = set()
    last = None
    while limit is None or len(seen) < limit:
        read = [_Judged(*row) for row in (rows if last is None else rows.filter(id__lt=last))[:CHUNK]]
        if not read:
            return
        last = read[-1].id
        fresh: list[_Judged] = []
        for row in read:
            if row.comment_id not in seen and (limit is None or len(seen) < limit):
                seen.add(row.comment_id)
                fresh.append(row)
        yield fresh


def _given(row: _Judged, settings: "_SettingsOf", head: str | None) -> Given | None:
    """Return the scores that the decision kept; None: the engine failed then, and kept none.

    What another head has scored than the one that acts, or none, is stale.
    """
    if not row.scores:
        return None
    is_stale = SCORE in row.scores if head is None else head not in row.model.split("+")
    stale = frozenset({SCORE} if is_stale else ())
    return Given(values_of(row.scores), settings.of(row.policy), causes_of(row.scores), stale)


def _submissions(rows: Collection[_Judged]) -> dict[int, Submission]:
    """Return the comments as the engine reads them, without the author's earlier ones and without a stated language."""
    if not rows:
        return {}
    revisions = Revision.objects.filter(pk__in=[row.revision_id for row in rows])
    texts = dict(revisions.values_list("comment_id", "text_source"))
    comments = Comment.objects.select_related("story", "parent__root").in_bulk(list(texts))
    return {
        key: Submission(text=texts[key], story=comment.story.for_engine(), parent=_parent(comment))
        for key, comment in comments.items()
    }


def _parent(comment: Comment) -> Parent | None:
    if comment.parent is None:
        return None
    root = comment.parent.root
    return Parent(text=comment.parent.text_source, root_text=root.text_source if root else "")


class _SettingsOf:
    """The settings under which a policy version measured, each text read once."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._shipped = load_policy()
        self._known: dict[str, Settings] = {self._shipped.version: self._shipped.settings}

    def of(self, version: str) -> Settings:
        """Return the settings; a version that is gone counts as the shipped one."""
        if version not in self._known:
            row = PolicyVersion.objects.filter(site=self._site, version=version).first()
            self._known[version] = _read(row) or self._shipped.settings
        return self._known[version]


def _read(row: PolicyVersion | None) -> Settings | None:
    try:
        return row.parse().settings if row else None
    except PolicyError:
        return None
