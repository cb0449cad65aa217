"""`text_source__matches=[terms]`: the comments in whose text all the terms occur, by the index of their words."""

from collections.abc import Sequence
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Lookup, Max, Min, Q, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from belowline.comments.models import Comment
from belowline.comments.search_terms import Term


class Matches(Lookup[bool]):
    """Finds by words; the right side is a list of terms that have words, and are written with spaces."""

    lookup_name = "matches"
    prepare_rhs = False

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Sequence[Any]]:
        """Ask FTS5, in its own language: each term a row of words in quotes."""
        table = compiler.quote_name_unless_alias(self.lhs.alias)
        terms: list[Term] = self.rhs
        found = "(SELECT rowid FROM comments_search WHERE comments_search MATCH %s)"
        return f"{table}.id IN {found}", [_asked(terms)]

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Sequence[Any]]:
        """Ask PostgreSQL; its function takes the signs out of the terms as it does out of the texts."""
        column, params = self.process_lhs(compiler, connection)
        terms: list[Term] = self.rhs
        asked = " && ".join(BEGINNING if term.is_beginning else ROW for term in terms)
        return f"belowline_search_vector({column}) @@ ({asked})", [*params, *(term.text for term in terms)]


def by_words_first(
    rows: QuerySet[Comment], terms: Sequence[Term], *, is_oldest_first: bool, times: Q | None = None
) -> QuerySet[Comment]:
    """Return the comments of `rows` in whose text the terms occur, in the order of their numbers, read one by one.

    Where a word is in most comments, the first of them are there at once, and nobody asks for the last. It is for
    SQLite, which otherwise gathers all of them first; rows that are few without the words are better found before them.
    `times`: the condition on when comments were written, which `rows` meet; their numbers say where to look for words.
    """
    wanted = [term for term in terms if not term.is_without_spaces and not term.is_excluded]
    sign = "" if is_oldest_first else "-"
    if not wanted or connections[rows.db].vendor != "sqlite":
        return rows.filter(matching(terms)).order_by(f"{sign}pk")
    others = [term for term in terms if term not in wanted]
    params: list[str | int] = [_asked(wanted)]
    where = ["comments_comment.id = +comments_search.rowid", "comments_search MATCH %s"]
    if times is not None:
        where += ["comments_search.rowid >= %s", "comments_search.rowid <= %s"]
        params += _numbers(times)
    # The plus: the words lead to the comments, never the other way round.
    return rows.filter(matching(others)).extra(  # noqa: S610 - what is typed goes in by parameters
        tables=["comments_search"],
        where=where,
        params=params,
        order_by=[f"{sign}comments_search.rowid"],
    )


def _numbers(times: Q) -> list[int]:
    """Return the least and the highest number of the comments of some days; without any, nothing lies between."""
    # Every status is named, so that the index over status and time serves.
    found = Comment.objects.filter(times, status__in=Comment.Status.values).aggregate(first=Min("pk"), last=Max("pk"))
    return [found["first"] or 1, found["last"] or 0]


ROW = "phraseto_tsquery('simple', belowline_search_words(%s))"
BEGINNING = "to_tsquery('simple', regexp_replace(btrim(belowline_search_words(%s)), ' +', ' <-> ', 'g') || ':*')"
"""Without its signs, a term holds nothing that the language of queries would read as its own."""


def _asked(terms: Sequence[Term]) -> str:
    return " AND ".join(_quoted(term) for term in terms)


def _quoted(term: Term) -> str:
    inner = term.text.replace('"', " ").replace("\x00", " ")
    return f'"{inner}"' + (" *" if term.is_beginning else "")


def matching(terms: Sequence[Term]) -> Q:
    """Return the condition that all the terms hold: what must occur does, and what must not does not."""
    found = Q()
    by_index = [term for term in terms if not term.is_without_spaces]
    if wanted := [term for term in by_index if not term.is_excluded]:
        found &= Q(text_source__matches=wanted)
    for term in by_index:
        if term.is_excluded:
            found &= ~Q(text_source__matches=[term])
    for term in terms:
        if term.is_without_spaces:
            holds = Q(text_source__icontains=term.text)
            found &= ~holds if term.is_excluded else holds
    return found


Comment._meta.get_field("text_source").register_lookup(Matches)  # noqa: SLF001 - Django's documented way
