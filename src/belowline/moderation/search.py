"""Searching comments: by words, author, story, rule, status, a score, who decided, and time.

Words, authors, stories and moderators are found by an index. Rules and scores stand inside of decisions, and are read
comment by comment: so one page reads back over so many comments at most, says how far it came, and offers to go on.
"""

from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple

from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from belowline.accounts.models import User
from belowline.accounts.names import name_key
from belowline.comments.ids import parse_id
from belowline.comments.models import Comment
from belowline.comments.search_lookup import by_words_first, matching
from belowline.comments.search_terms import Term
from belowline.moderation.models import Decision
from belowline.moderation.queries import with_history
from belowline.stories.models import Story

READ_BACK = 100_000
"""Over so many comments one page reads, where decisions have to be read for it."""
MOST_COUNTED = 1_000
"""More are not counted: "more than 1,000"."""
FEW = 5_000
"""So many comments are looked through for words that most comments have, rather than the other way round."""
MOST_NAMED = 500
"""So many authors or stories a name may stand for."""


class Criteria(NamedTuple):
    """What is searched for; what is empty or None does not matter."""

    terms: tuple[Term, ...] = ()
    author: str = ""
    """Part of a name, or `#` and the number of an account."""
    story: str = ""
    """Part of a title or an address, or `#` and the number of a story."""
    site: str = ""
    """The key of a site."""
    rule: str = ""
    """The code of a rule that a decision about the comment names."""
    status: str = ""
    """Empty: any, but for what authors have deleted."""
    score: str = ""
    """The name of a score, as the engine measured it last."""
    least: float = 0.0
    """In [0, 1]."""
    most: float = 1.0
    """In [0, 1]."""
    maker: str = ""
    """`engine`: no person has decided; `person`: one has; or the number of a moderator who has."""
    since: date | None = None
    until: date | None = None
    """The last day, too; days are those of the newsroom's time zone."""
    of: Literal["written", "decided"] = "written"
    """What the days are about."""
    is_oldest_first: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether it asks for everything."""
        return self._replace(is_oldest_first=False, of="written") == Criteria()

    @property
    def names_few(self) -> bool:
        """Whether it asks for comments of few authors or stories, or that one moderator decided."""
        return bool(self.author or self.story or parse_id(self.maker) is not None)

    @property
    def reads_decisions(self) -> bool:
        """Whether texts or decisions have to be read one by one."""
        is_spelt = any(term.is_without_spaces for term in self.terms)
        return bool(self.rule or self.score or is_spelt or self.maker in Decision.Maker.values)


class Found(NamedTuple):
    """A page of what was found."""

    comments: list[Comment]
    """With their histories: queries.with_history."""
    total: int
    """From the place where the page begins on; 1,001 stands for more than 1,000."""
    following: int | None
    """Where the next page begins; None: this is the last one."""
    read_to: datetime | None
    """When the last comment was written that was looked at, where there are more; None: all were looked at."""


def find(
    criteria: Criteria, *, among: QuerySet[Comment], size: int, begin: int | None = None, read_back: int = READ_BACK
) -> Found:
    """Return up to `size` comments of `among` that meet all criteria; `begin` is the `following` of the page before."""
    rows = _rows(criteria, among)
    if begin is not None:
        rows = rows.filter(pk__gt=begin) if criteria.is_oldest_first else rows.filter(pk__lt=begin)
    end = _end(criteria, begin, read_back) if criteria.reads_decisions else None
    if end is not None:
        rows = rows.filter(pk__lte=end) if criteria.is_oldest_first else rows.filter(pk__gte=end)
    ids = list(rows.values_list("pk", flat=True)[: max(size, MOST_COUNTED) + 1])
    kept = with_history(Comment.objects.all()).in_bulk(ids[:size])
    is_full = len(ids) > size
    return Found(
        comments=[kept[key] for key in ids[:size] if key in kept],
        total=len(ids),
        following=ids[size - 1] if is_full else end,
        read_to=_written(end, criteria) if end is not None else None,
    )


def _rows(criteria: Criteria, among: QuerySet[Comment]) -> QuerySet[Comment]:
    """Return the comments of `among` that meet all criteria, in their order; which index leads depends on how many."""
    facts = among.filter(_facts(criteria))
    days = criteria.since or criteria.until
    is_narrow = criteria.names_few or (days and criteria.of == "decided")
    if criteria.terms and not is_narrow and not _is_few(criteria):
        times = _times(criteria) if days else None
        return by_words_first(facts, criteria.terms, is_oldest_first=criteria.is_oldest_first, times=times)
    return facts.filter(matching(criteria.terms)).order_by("pk" if criteria.is_oldest_first else "-pk")


def _is_few(criteria: Criteria) -> bool:
    """Say whether so few comments have the status that is asked for that the words are better looked for among them."""
    if not criteria.status:
        return False
    return len(Comment.objects.filter(status=criteria.status).order_by().values_list("pk")[: FEW + 1]) <= FEW


def _end(criteria: Criteria, begin: int | None, read_back: int) -> int | None:
    """Return the last number that is looked at; None: the rest is so little that all of it is."""
    rows = Comment.objects.order_by("pk" if criteria.is_oldest_first else "-pk")
    first = begin if begin is not None else rows.values_list("pk", flat=True).first()
    if first is None:
        return None
    end = first + read_back if criteria.is_oldest_first else first - read_back
    beyond = rows.filter(pk__gt=end) if criteria.is_oldest_first else rows.filter(pk__lt=end)
    return end if beyond.exists() else None


def _written(number: int, criteria: Criteria) -> datetime | None:
    """Return when the comment at the end of what was looked at was written, or the one nearest beyond it."""
    beyond = Q(pk__gte=number) if criteria.is_oldest_first else Q(pk__lte=number)
    rows = Comment.objects.filter(beyond).order_by("pk" if criteria.is_oldest_first else "-pk")
    return rows.values_list("created_at", flat=True).first()


def _facts(criteria: Criteria) -> Q:
    """Return everything that is asked of a comment, but for its words."""
    asked = [_status(criteria), _times(criteria), _maker(criteria)]
    if criteria.author:
        asked.append(Q(author__in=_ids(User.objects.all(), criteria.author, _by_name(criteria.author))))
    if criteria.story:
        named = Q(title__icontains=criteria.story) | Q(url__icontains=criteria.story)
        asked.append(Q(story__in=_ids(Story.objects.all(), criteria.story, named)))
    if criteria.site:
        asked.append(Q(story__site__key=criteria.site))
    if criteria.rule:
        asked.append(Q(Exists(_naming(criteria.rule))))
    if criteria.score:
        asked.append(Q(Exists(_measuring(criteria))))
    return Q(*asked)


def _by_name(name: str) -> Q:
    """Return the condition for a name that contains this, or something that looks like it."""
    return Q(display_name__icontains=name) | Q(display_name_key__contains=name_key(name))


def _ids(rows: QuerySet[Model], typed: str, named: Q) -> list[int]:
    """Return the numbers of the rows that are meant: one by its number, or those of a name."""
    number = parse_id(typed.removeprefix("#")) if typed.startswith("#") else None
    if number is not None:
        return [number]
    return list(rows.filter(named).order_by("-pk").values_list("pk", flat=True)[:MOST_NAMED])


def _status(criteria: Criteria) -> Q:
    return Q(status=criteria.status) if criteria.status else ~Q(status=Comment.Status.DELETED)


def _times(criteria: Criteria) -> Q:
    """Return the condition for the days: when it was written, or when something was decided about it."""
    span = Q()
    if criteria.since:
        span &= Q(created_at__gte=_midnight(criteria.since))
    if criteria.until:
        span &= Q(created_at__lt=_midnight(criteria.until + timedelta(days=1)))
    if not span or criteria.of == "written":
        return span
    return Q(Exists(Decision.objects.filter(span, comment=OuterRef("pk"))))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _maker(criteria: Criteria) -> Q:
    by_person = Decision.objects.filter(comment=OuterRef("pk"), maker=Decision.Maker.PERSON)
    if criteria.maker == Decision.Maker.ENGINE:
        return ~Q(Exists(by_person))
    if criteria.maker == Decision.Maker.PERSON:
        return Q(Exists(by_person))
    if not criteria.maker:
        return Q()
    theirs = Decision.objects.filter(moderator=parse_id(criteria.maker), moderator__isnull=False)
    return Q(pk__in=theirs.values("comment"))


def _naming(rule: str) -> QuerySet[Decision]:
    """Return decisions with a reason by this rule. The text of the JSON tells: a rule's code has no quotes in it."""
    about = Decision.objects.filter(comment=OuterRef("pk")).annotate(told=Cast("reasons", TextField()))
    return about.filter(told__contains=f'"rule": "{rule}"')


def _measuring(criteria: Criteria) -> QuerySet[Decision]:
    """Return the engine's newest decision, where the score is in the range; what is unchecked is in none."""
    by_engine = Decision.objects.filter(maker=Decision.Maker.ENGINE)
    newest = by_engine.filter(comment=OuterRef("comment")).order_by("-id").values("pk")[:1]
    value = f"scores__{criteria.score}__value"
    bounds = {f"{value}__gte": criteria.least, f"{value}__lte": criteria.most}
    return by_engine.filter(comment=OuterRef("pk"), **bounds).filter(pk=Subquery(newest))
