"""Two versions at once on one database: with the same tables they may; with others the older one says so and stays out.

The older version is taken out of the history of this repository; without one, these tests are left out.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from readers import Crowd, ask

ROOT = Path(__file__).parents[2]
MIGRATIONS = "src/belowline/*/migrations/*.py"
POSTS = 300
STAFF = """
import django; django.setup()
from importlib import import_module
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from belowline.accounts.models import User
user = User.objects.create_user("desk@gazette.example", display_name="Gazette Desk", role="moderator")
EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session.save()
print(session.session_key)
"""

pytestmark = pytest.mark.slow


def git(*words):
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


@pytest.fixture
def version(tmp_path, environment):
    """Take a version out of the history; returns the environment in which it runs, over the same data."""

    def call(commit):
        if not commit or not shutil.which("git"):
            pytest.skip("the history of the repository is not here")
        folder = tmp_path / "older"
        folder.mkdir()
        packed = subprocess.run(["git", "archive", commit, "src"], cwd=ROOT, check=True, capture_output=True).stdout
        subprocess.run(["tar", "-x", "-C", folder], input=packed, check=True)
        return environment | {"PYTHONPATH": str(folder / "src")}

    return call


@pytest.fixture
def staff(environment, session):
    """The session of a moderator."""
    environment = environment | {"DJANGO_SETTINGS_MODULE": "belowline.config.settings"}
    done = subprocess.run([sys.executable, "-c", STAFF], env=environment, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def decide_all(addresses, staff, rows):
    """Decide about what is held, by one version and the other in turn; return how many decisions were answered."""
    held = rows("SELECT id FROM comments_comment WHERE status = 'held' ORDER BY id")
    for number, (pk,) in enumerate(held):
        form = {"outcome": "publish"} if number % 3 else {"outcome": "reject", "rule": "banned_word"}
        status, *_ = ask(f"{addresses[number % 2]}/desk/comments/{pk}/decide/", staff, form)
        assert status == 302, (status, number)
    return len(held)


def test_two_versions_with_the_same_tables(session, staff, newsroom, version, rows, check, kept, record):  # noqa: PLR0917
    """The oldest version that has these tables, and this one, for as many requests as a busy hour has."""
    environment = version(git("log", "-1", "--format=%H", "--", MIGRATIONS))
    old, new = newsroom(also=environment).start(), newsroom().start()
    addresses = [old.address, new.address]
    with Crowd(addresses, session, "v") as crowd:
        crowd.wait_for(POSTS)
    assert set(crowd.answered) == set(crowd.asked)
    assert crowd.refused.total() == 0, crowd.refused
    assert set(crowd.watcher.seen) == {200}
    check()
    assert set(kept()) == {"warm", *crowd.answered}
    for address in addresses:
        assert ask(f"{address}/readyz")[0] == 200

    decided = decide_all(addresses, staff, rows)
    assert decided > POSTS // 4
    [[held]] = rows("SELECT count(*) FROM comments_comment WHERE status = 'held'")
    assert held == 0
    how = f"both serve one database: {crowd.watcher.seen.total():,} pages, {decided:,} decisions, in turn"
    record("two versions, same tables", how, crowd.answered)


@pytest.mark.parametrize("back", [1, 6], ids=["the one before", "six before"])
def test_an_older_version_that_runs_on_while_the_tables_change(  # noqa: PLR0917
    back, environment, start, newsroom, version, rows, check, kept, record
):
    """Nobody should do so: the older one may not be able to save a comment, and says so; what it answers is kept."""
    commits = git("log", "--diff-filter=A", "--format=%H", "--", MIGRATIONS).split()
    older = version(f"{commits[back - 1]}^" if len(commits) >= back else "")
    environment["PYTHONPATH"] = older["PYTHONPATH"]
    start().send("quit")
    del environment["PYTHONPATH"]
    [(session,)] = rows("SELECT session_key FROM django_session")
    old, new = newsroom(also=older).start(), newsroom()
    with Crowd(old.address, session, "o", 2) as crowd:
        crowd.wait_for(20)
        refused = subprocess.run(new.command, env=environment, capture_output=True, text=True, check=False, timeout=300)
        assert refused.returncode == 1
        assert "run `belowline migrate`" in refused.stderr
        crowd.wait_for(20)
        subprocess.run([sys.executable, "-m", "belowline", "migrate"], env=environment, check=True, capture_output=True)
        new.start()
        for reader in crowd.readers:
            reader.addresses = [old.address, new.address]
        crowd.watcher.addresses = [old.address, new.address]
        crowd.wait_for(40)
    assert set(crowd.refused) <= {503}
    assert set(crowd.watcher.seen) == {200}
    check()
    assert set(kept()) == {"warm", *crowd.answered}
    record(
        "an older version runs on",
        "the tables are migrated under it, and the newer one serves beside it",
        crowd.answered,
    )
