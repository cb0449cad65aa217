"""The index of every comment's words: SQLite keeps it by triggers, PostgreSQL by itself; so nothing is forgotten.

An edited text is found by its new words alone, an erased one not at all, whoever wrote the row. Letters with and
without accents, small and large, are the same. SQLite needs its extension FTS5, which Python brings along.
"""

import time
from typing import Any

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

TRIGGERS = {
    "comments_search_insert": "AFTER INSERT ON comments_comment BEGIN {add} END",
    "comments_search_delete": "AFTER DELETE ON comments_comment BEGIN {take} END",
    "comments_search_update": "AFTER UPDATE OF text_source ON comments_comment "
    "WHEN old.text_source IS NOT new.text_source BEGIN {take} {add} END",
}
ADD = "INSERT INTO comments_search(rowid, text_source) VALUES (new.id, new.text_source);"
TAKE = "INSERT INTO comments_search(comments_search, rowid, text_source) VALUES ('delete', old.id, old.text_source);"
SQLITE_TABLE = """
CREATE VIRTUAL TABLE IF NOT EXISTS comments_search USING fts5(
    text_source, content='comments_comment', content_rowid='id',
    tokenize="unicode61 remove_diacritics 2 categories 'L* M* N* Co'"
)
"""
"""Marks belong to their letters: without them, words of Hindi would fall apart."""
SQLITE_FILL = "INSERT INTO comments_search(comments_search) VALUES ('rebuild')"
SIGNS = (
    r"[\x01-/:-@\[-`{-\xbf\u060c\u061b\u061f\u066a-\u066d\u06d4"
    r"\u2000-\u206f\u2190-\u2bff\u3000-\u303f\U0001f000-\U0001faff]+"
)
"""What stands between words: which signs are letters, PostgreSQL's own parser makes depend on the server's locale."""
WORDS = f"""
    pg_catalog.regexp_replace(pg_catalog.regexp_replace(
        normalize(source, NFKD), '[\\u0300-\\u036f]+', '', 'g'), '{SIGNS}', ' ', 'g')
"""
MERGED_PAGES = 500
"""Of SQLite's index, about 2 MB: so long others wait to write, some hundredths of a second."""
LEAST_CHANGES = 2
VECTOR_COST = 2_000
"""In `cpu_operator_cost`: some 40 microseconds a text, as measured."""
POSTGRES_FUNCTIONS = (
    # Neither names the other: while a dump is restored, no function finds one of ours.
    f"""
    CREATE OR REPLACE FUNCTION belowline_search_words(source text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$SELECT {WORDS}$$
    """,
    # In SQL, the planner would put it into the query and forget what it costs: it then reads a hundred thousand texts
    # one by one rather than the index.
    f"""
    CREATE OR REPLACE FUNCTION belowline_search_vector(source text) RETURNS tsvector
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST {VECTOR_COST} AS $$
    BEGIN RETURN pg_catalog.to_tsvector('pg_catalog.simple'::pg_catalog.regconfig, {WORDS}); END $$
    """,
)
POSTGRES = (
    *POSTGRES_FUNCTIONS,
    "CREATE INDEX IF NOT EXISTS comments_search ON comments_comment USING gin (belowline_search_vector(text_source))",
)


def make_index(database: BaseDatabaseWrapper) -> None:
    """Make what is missing of the index, and fill it where something was; where nothing is missing, do nothing."""
    if is_whole(database):
        return
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            for statement in POSTGRES:
                cursor.execute(statement)
            return
        cursor.execute(SQLITE_TABLE)
        for name, rest in TRIGGERS.items():
            cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {rest.format(add=ADD, take=TAKE)}")
        cursor.execute(SQLITE_FILL)


def forget_words(end: float) -> bool:
    """Write SQLite's index anew, a little at a time, without words of texts that were erased; True: it is done.

    Until then it only says of each word that it is gone. `end` is a time of `time.monotonic()`. PostgreSQL's holds
    no word that no row has, once it was vacuumed, which it does by itself.
    """
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        while time.monotonic() < end:
            before = _changes(cursor)
            cursor.execute("INSERT INTO comments_search(comments_search, rank) VALUES ('merge', %s)", [-MERGED_PAGES])
            # As SQLite documents it: fewer than two changes, and there is nothing left to merge.
            if _changes(cursor) - before < LEAST_CHANGES:
                return True
    return False


def _changes(cursor: Any) -> int:
    cursor.execute("SELECT total_changes()")
    return int(cursor.fetchone()[0])


def is_whole(database: BaseDatabaseWrapper) -> bool:
    """Say whether all parts of the index are there; what changes a table of SQLite by copying it loses triggers."""
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            cursor.execute("SELECT count(*) FROM pg_indexes WHERE indexname = 'comments_search'")
            return bool(cursor.fetchone()[0])
        names = ", ".join(f"'{name}'" for name in ("comments_search", *TRIGGERS))
        cursor.execute(f"SELECT count(*) FROM sqlite_master WHERE name IN ({names})")  # noqa: S608 - names of our own
        return bool(cursor.fetchone()[0] == len(TRIGGERS) + 1)


def keep_index(using: str, **_: Any) -> None:
    """Make the index anew where a migration has lost part of it; called after every `migrate`."""
    database = connections[using]
    if "comments_comment" in database.introspection.table_names():
        make_index(database)
