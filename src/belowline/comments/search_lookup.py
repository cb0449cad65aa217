"""`text_source__matches=[terms]`: the comments in whose text all the terms occur, by the index of their words."""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Lookup, Q
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
        asked = " AND ".join(_quoted(term) for term in terms)
        found = "(SELECT rowid FROM comments_search WHERE comments_search MATCH %s)"
        return f"{table}.id IN {found}", [asked]

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Sequence[Any]]:
        """Ask PostgreSQL; its function takes the signs out of the terms as it does out of the texts."""
        column, params = self.process_lhs(compiler, connection)
        terms: list[Term] = self.rhs
        asked = " && ".join(BEGINNING if term.is_beginning else ROW for term in terms)
        return f"belowline_search_vector({column}) @@ ({asked})", [*params, *(term.text for term in terms)]


ROW = "phraseto_tsquery('simple', belowline_search_words(%s))"
BEGINNING = "to_tsquery('simple', regexp_replace(btrim(belowline_search_words(%s)), ' +', ' <-> ', 'g') || ':*')"
"""Without its signs, a term holds nothing that the language of queries would read as its own."""


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
