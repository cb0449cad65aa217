"""Settings: the databases that are known, and what safety depends on."""

import json
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from belowline.config import env
from belowline.config.settings import SQLITE_OPTIONS, database

READ = """
import json
from belowline.config import settings
print(json.dumps({name: getattr(settings, name) for name in NAMES}, default=str))
"""


def read_settings(environment, *names):
    """Read settings as a process of its own does."""
    code = READ.replace("NAMES", repr(names))
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("url", "engine", "name"),
    [
        ("sqlite:////var/lib/belowline/db.sqlite3", "sqlite3", "/var/lib/belowline/db.sqlite3"),
        ("postgres://desk:secret@db.example:5433/comments", "postgresql", "comments"),
        ("postgresql://db.example/comments", "postgresql", "comments"),
    ],
)
def test_a_database_by_its_address(url, engine, name):
    found = database(url)

    assert found["ENGINE"] == f"django.db.backends.{engine}"
    assert found["NAME"] == name


def test_sqlite_has_one_writer_at_a_time_and_keeps_what_it_answered():
    found = database("sqlite:///comments.sqlite3")

    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        assert pragma in SQLITE_OPTIONS["init_command"]


@pytest.mark.parametrize(
    "url", ["mysql://db.example/comments", "comments.sqlite3", "nonsense://x", "postgres", "http://db.example/x"]
)
def test_other_databases_are_refused(url):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL must begin with sqlite:// or postgres://"):
        database(url)


def test_the_defaults(environment):
    found = read_settings(
        environment, "DEBUG", "DEMO", "ALLOWED_HOSTS", "SESSION_COOKIE_SECURE", "COMMENT_MAX_CHARACTERS"
    )

    assert found == {
        "DEBUG": False,
        "DEMO": False,
        "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]"],
        "SESSION_COOKIE_SECURE": False,
        "COMMENT_MAX_CHARACTERS": 3000,
    }


def test_an_address_with_https_makes_cookies_secure(environment):
    changed = environment | {"BELOWLINE_BASE_URL": "https://comments.gazette.example/"}
    names = ("BASE_URL", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS")

    assert read_settings(changed, *names) == {
        "BASE_URL": "https://comments.gazette.example",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
    }


def test_a_proxy_is_believed_only_when_told_so(environment):
    assert read_settings(environment, "SECURE_PROXY_SSL_HEADER")["SECURE_PROXY_SSL_HEADER"] is None

    found = read_settings(environment | {"BELOWLINE_BEHIND_PROXY": "yes"}, "SECURE_PROXY_SSL_HEADER")
    assert found["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]


def test_proxies_with_addresses_come_before_the_older_setting(environment):
    environment |= {"BELOWLINE_BEHIND_PROXY": "yes", "BELOWLINE_TRUSTED_PROXIES": "127.0.0.1, fd00::/8"}
    found = read_settings(environment, "SECURE_PROXY_SSL_HEADER", "BEHIND_PROXY")

    assert found == {"SECURE_PROXY_SSL_HEADER": None, "BEHIND_PROXY": False}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("BELOWLINE_TRUSTED_PROXIES", "proxy.example", "write addresses, networks such as 10.0.0.0/8, or unix"),
        ("BELOWLINE_LIMIT_POST", "many", "write 60/10m/account"),
        ("BELOWLINE_REDIS_URL", "cache.example:6379", "write redis://HOST:6379/0"),
    ],
)
def test_a_setting_that_is_wrong_says_how_it_is_written(monkeypatch, name, value, said):
    monkeypatch.setenv(name, value)
    read = {"PROXIES": env.env_proxies, "LIMIT_POST": lambda name: env.env_rates(name, ""), "REDIS_URL": env.env_redis}

    with pytest.raises(ImproperlyConfigured, match=said):
        next(call for part, call in read.items() if name.endswith(part))(name)


def test_caches_and_limits_are_in_redis_where_a_setting_names_one(environment):
    environment |= {"BELOWLINE_REDIS_URL": "redis://:secret@cache.example/1", "BELOWLINE_REDIS_PREFIX": "gazette"}
    found = read_settings(environment, "CACHES", "REDIS_URL")["CACHES"]

    assert found["default"]["LOCATION"] == found["kept"]["LOCATION"] == "redis://:secret@cache.example/1"
    assert found["default"]["KEY_PREFIX"] == "gazette:count"
    assert found["counts_here"]["LOCATION"].endswith("limits.sqlite3")


def test_there_is_no_secret_key_before_one_is_made(environment):
    assert read_settings(environment, "SECRET_KEY") == {"SECRET_KEY": ""}


def test_private_networks_are_not_read_unless_allowed(environment):
    assert read_settings(environment, "STORY_FETCH_PRIVATE") == {"STORY_FETCH_PRIVATE": False}
    allowed = environment | {"BELOWLINE_FETCH_PRIVATE_NETWORKS": "yes"}
    assert read_settings(allowed, "STORY_FETCH_PRIVATE") == {"STORY_FETCH_PRIVATE": True}


def test_scripts_and_styles_come_from_here_alone():
    rules = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]

    assert rules["default-src"] == ["'none'"]
    assert rules["script-src"] == rules["style-src"] == rules["form-action"] == ["'self'"]
    assert not any("unsafe" in source for sources in rules.values() for source in sources)


def test_accounts_need_a_verified_address_and_tell_nobody_who_has_one():
    assert settings.ACCOUNT_EMAIL_VERIFICATION == "mandatory"
    assert settings.ACCOUNT_PREVENT_ENUMERATION is True
    assert {"email"} == settings.ACCOUNT_LOGIN_METHODS
