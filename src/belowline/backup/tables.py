"""What is in a database: its tables, how many rows each has, and which migrations made them."""

from collections.abc import Iterable
from functools import lru_cache

from django.apps import apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from belowline.backup.manifest import Migration

MIGRATIONS = "django_migrations"
FILLED = ("stories_site", "accounts_user", "compat_apikey", "comments_comment")
"""Rows in any of these make a newsroom: what `belowline migrate` alone has made, has none."""


def own_tables(database: BaseDatabaseWrapper) -> list[str]:
    """Return the names of this version's tables that are there, sorted."""
    found = database.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted({*found, MIGRATIONS} & {*database.introspection.table_names()})


def count_rows(database: BaseDatabaseWrapper, names: Iterable[str]) -> dict[str, int]:
    """Return how many rows each table has."""
    counts = {}
    with database.cursor() as cursor:
        for name in names:
            cursor.execute(f"SELECT count(*) FROM {database.ops.quote_name(name)}")  # noqa: S608 - a table's name
            counts[name] = cursor.fetchone()[0]
    return counts


def applied(database: BaseDatabaseWrapper) -> list[Migration]:
    """Return the migrations that a database has had, in order."""
    found = MigrationRecorder(database).applied_migrations()
    return [(app, name) for app, name in sorted(found, key=lambda key: found[key].pk)]


@lru_cache(maxsize=1)
def known() -> frozenset[Migration]:
    """Return every migration that this version has, those replaced by others included; read from the disk once."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    replaced = [one for migration in loader.disk_migrations.values() for one in migration.replaces]
    return frozenset({*loader.disk_migrations, *replaced})


def newer(database: BaseDatabaseWrapper) -> set[Migration]:
    """Return the migrations of our own apps that a database has had and this version does not know."""
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("belowline.")}
    return {(app, name) for app, name in applied(database) if app in ours} - known()


def is_filled(database: BaseDatabaseWrapper) -> bool:
    """Say whether a newsroom lives in this database already."""
    there = [name for name in FILLED if name in database.introspection.table_names()]
    return any(count_rows(database, there).values())


def differences(expected: dict[str, int], found: dict[str, int]) -> str:
    """Return where two counts differ, in words; empty: nowhere."""
    wrong = [name for name, count in expected.items() if found.get(name) != count]
    return ", ".join(f"{name} has {found.get(name, 'no')} rows instead of {expected[name]}" for name in wrong)


def default() -> BaseDatabaseWrapper:
    """Return the connection to the newsroom's database."""
    return connections["default"]
