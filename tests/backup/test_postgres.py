"""What PostgreSQL's client is told, and what is told of it."""

import pytest
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper

from belowline.backup.postgres import address, complaint

SETTINGS = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": "comments",
    "USER": "desk",
    "PASSWORD": "a secret: with \\",
    "HOST": "db.example",
    "PORT": 5433,
    "OPTIONS": {"sslmode": "require"},
    "TIME_ZONE": None,
}


@pytest.fixture
def database():
    return DatabaseWrapper(dict(connections["default"].settings_dict) | SETTINGS)


def test_the_address_has_everything_but_the_password(database, tmp_path):
    """Everybody on the machine sees how programs were called."""
    found = address(database, tmp_path)

    for part in ("dbname=comments", "user=desk", "host=db.example", "port=5433", "sslmode=require"):
        assert part in found
    assert "secret" not in found
    file = tmp_path / "password"
    assert f"passfile={file}" in found
    assert file.read_text("utf-8") == "*:*:*:*:a secret\\: with \\\\\n"
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_address_of_another_database_there(database, tmp_path):
    assert "dbname=scratch" in address(database, tmp_path, "scratch")
    assert "dbname=comments" not in address(database, tmp_path, "scratch")


def test_complaints_quote_no_row():
    told = (
        "psql:dump.sql:9: ERROR:  duplicate key value\n"
        "DETAIL:  Key (email)=(ken@reader.example) already exists.\n"
        'CONTEXT:  COPY comments_comment, line 1: "What a wombat"\n'
    )

    assert complaint(told) == "psql:dump.sql:9: ERROR:  duplicate key value"
