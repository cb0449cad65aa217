"""PostgreSQL: pg_dump and pg_restore of the server's own client, on one snapshot and in one transaction."""

import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import pq, sql
from psycopg.conninfo import make_conninfo

from belowline.backup.errors import BackupError
from belowline.backup.tables import MIGRATIONS, applied, count_rows, differences, own_tables

FILE = "database.pgdump"
OUR_FUNCTIONS = r"belowline\_%"
PROGRAMS = ("pg_dump:", "pg_restore:", "psql:")
MAX_COMPLAINT = 500
"""Characters."""


def dump(database: BaseDatabaseWrapper, folder: Path, names: list[str]) -> dict[str, int]:
    """Write a dump in PostgreSQL's custom format into the folder; return how many rows the named tables have in it.

    Rows are counted on the snapshot that is dumped. Tables that are not Belowline's are left out.

    Raises:
        BackupError: pg_dump is missing, older than the server, or fails.
    """
    others = {*public_tables(database)} - {*names, *made_by_apps(database)}
    with transaction.atomic(using=database.alias), database.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        counts = count_rows(database, names)
        options = ["--format=custom", "--no-owner", "--no-privileges", "--schema=public", f"--snapshot={snapshot}"]
        excluded = [f'--exclude-table=public."{name}"' for name in sorted(others)]
        run("pg_dump", [*options, *excluded, f"--file={folder / FILE}", f"--dbname={address(database, folder)}"])
    return counts


def restore(database: BaseDatabaseWrapper, folder: Path, names: list[str]) -> None:
    """Put the dump in the folder in the place of Belowline's tables, all of it or nothing.

    Raises:
        BackupError: a program of the client is missing or fails, or the database cannot be written.
    """
    ours = sorted({*names, *own_tables(database), *made_by_apps(database)} & {*public_tables(database)})
    tables = ", ".join(f'public."{name}"' for name in ours)
    statements = [f"DROP TABLE {tables};", *drop_functions(database)] if ours else []
    database.close()
    load(database, folder, "\n".join(statements))


def verify(database: BaseDatabaseWrapper, folder: Path, counts: dict[str, int]) -> None:
    """Restore the dump in the folder into a scratch database, compare the rows of every table, and drop it.

    Raises:
        BackupError: it is not what was saved, or a scratch database may not be made.
    """
    with scratch(database, folder) as name:
        load(database, folder, "", name)
        with psycopg.connect(address(database, folder, name)) as opened:
            found = {
                table: row[0]
                for table in counts
                if (row := opened.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone())
            }
    if wrong := differences(counts, found):
        raise BackupError(f"the dump of the database is incomplete: {wrong}")


def load(database: BaseDatabaseWrapper, folder: Path, before: str, dbname: str = "") -> None:
    """Run statements and then the dump in the folder, in one transaction; what fails leaves everything as it was.

    Raises:
        BackupError: a program of the client is missing or fails.
    """
    first, then = folder / "before.sql", folder / "dump.sql"
    first.write_text(before, "utf-8")
    # A script first: psql must not commit what a failing pg_restore has written half.
    options = ["--no-owner", "--no-privileges", "--schema=public", f"--file={then}"]
    run("pg_restore", [*options, str(folder / FILE)])
    target = f"--dbname={address(database, folder, dbname)}"
    options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    run("psql", [*options, target, f"--file={first}", f"--file={then}"])
    then.unlink()


def run(name: str, options: list[str]) -> None:
    """Run a program of PostgreSQL's client.

    Raises:
        BackupError: it is missing, or fails.
    """
    found = shutil.which(name)
    if found is None:
        raise BackupError(
            f"{name} is not installed here: install PostgreSQL's client, of the server's version or newer "
            "(Debian's package postgresql-client)"
        )
    done = subprocess.run([found, *options], capture_output=True, text=True, check=False)  # noqa: S603 - its path, and options of ours
    if done.returncode:
        raise BackupError(f"{name} failed: {complaint(done.stderr)}")


def complaint(text: str) -> str:
    """Return what a program of the client said, without the lines that follow and may quote a row."""
    lines = [line.strip() for line in text.splitlines() if line.startswith(PROGRAMS)]
    return " ".join(lines)[:MAX_COMPLAINT]


def address(database: BaseDatabaseWrapper, folder: Path, dbname: str = "") -> str:
    """Return where the database is, for PostgreSQL's client; the password is in a file, for others see commands."""
    names = {option.keyword.decode() for option in pq.Conninfo.get_defaults()} - {"password"}
    found = {name: value for name, value in database.get_connection_params().items() if name in names}
    if password := database.settings_dict["PASSWORD"]:
        file = folder / "password"
        file.touch(0o600)
        file.write_text("*:*:*:*:" + password.replace("\\", "\\\\").replace(":", "\\:") + "\n", "utf-8")
        found["passfile"] = str(file)
    return make_conninfo(**found | ({"dbname": dbname} if dbname else {}))


@contextmanager
def scratch(database: BaseDatabaseWrapper, folder: Path) -> Iterator[str]:
    """Make a database beside the newsroom's, and drop it at the end.

    Raises:
        BackupError: this account may not make databases.
    """
    name = f"belowline_scratch_{secrets.token_hex(6)}"
    with psycopg.connect(address(database, folder), autocommit=True) as opened:
        try:
            opened.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        except psycopg.Error as error:
            raise BackupError(
                "the backup cannot be tried, for no scratch database can be made "
                f"({error.diag.message_primary or type(error).__name__}): "
                "let this account make databases (ALTER ROLE ... CREATEDB), or say --no-verify"
            ) from error
        try:
            yield name
        finally:
            opened.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


def public_tables(database: BaseDatabaseWrapper) -> list[str]:
    """Return the names of all tables of the schema `public`."""
    return column(database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")


def made_by_apps(database: BaseDatabaseWrapper) -> list[str]:
    """Return the tables of all apps that have had migrations here: those of a newer version, too."""
    if MIGRATIONS not in public_tables(database):
        return []
    apps = tuple(f"{app}_" for app in {app for app, _ in applied(database)})
    return [name for name in public_tables(database) if name.startswith(apps)]


def drop_functions(database: BaseDatabaseWrapper) -> list[str]:
    """Return the statements that drop Belowline's functions."""
    return column(
        database,
        "SELECT format('DROP FUNCTION %%s;', oid::regprocedure) FROM pg_proc "
        "WHERE pronamespace = 'public'::regnamespace AND proname LIKE %s",
        OUR_FUNCTIONS,
    )


def column(database: BaseDatabaseWrapper, query: str, *values: str) -> list[str]:
    """Return the only column of a query."""
    with database.cursor() as cursor:
        cursor.execute(query, values)
        return [str(row[0]) for row in cursor.fetchall()]
