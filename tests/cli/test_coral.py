"""`belowline coral`: connecting, showing and disconnecting, with and without questions."""

import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from belowline.cli import django as setting_up
from belowline.cli.coral import coral
from belowline.compat.models import CoralConnection
from belowline.stories.models import Site

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(monkeypatch):
    """Run a command in this process, where Django is ready."""
    monkeypatch.setattr(setting_up, "set_up_engine", lambda: None)

    def call(*arguments, answers=""):
        return CliRunner().invoke(coral, arguments, input=answers)

    return call


def kept():
    found = CoralConnection.objects.select_related("site").get()
    return found.site.key, found.secrets, found.coral_url, found.coral_token, found.budget_ms


def test_a_new_site(run):
    done = run(
        "connect", "paper", "--domain", "https://www.Paper.example/", "--secret", "s3cret", "--name", "The Paper"
    )

    assert done.exit_code == 0, done.output
    assert kept() == ("paper", ["s3cret"], "", "", 150)
    assert Site.objects.filter(name="The Paper", domains=["www.paper.example"]).count() == 1
    assert "http://localhost:8000/coral/paper/" in done.output
    assert "/admin/configure/moderation/phases" in done.output
    assert "s3cret" not in done.output


def test_a_site_that_is_there(run, other_site):
    assert run("connect", "courier", "--secret", "s").exit_code == 0
    assert run("connect", "courier", "--secret", "s", "--domain", "news.courier.example").exit_code == 0

    other_site.refresh_from_db()
    assert (other_site.name, other_site.domains) == ("The Courier", ["courier.example", "news.courier.example"])


def test_questions_are_asked_without_an_echo(run, other_site):
    done = run("connect", "courier", "--coral-url", "https://coral.example/", answers="s3cret\nt0ken\n")

    assert done.exit_code == 0, done.output
    assert kept() == ("courier", ["s3cret"], "https://coral.example", "t0ken", 150)
    assert "s3cret" not in done.output
    assert "t0ken" not in done.output


def test_what_is_not_given_stays(run, other_site):
    given = ["--secret", "one", "--coral-url", "https://coral.example", "--coral-token", "t", "--budget-ms", "300"]
    assert run("connect", "courier", *given).exit_code == 0

    assert run("connect", "courier", "--secret", "two").exit_code == 0
    assert kept() == ("courier", ["two", "one"], "https://coral.example", "t", 300)
    assert run("connect", "courier", "--budget-ms", "90", answers="\n").exit_code == 0
    assert kept() == ("courier", ["two", "one"], "https://coral.example", "t", 90)
    assert run("connect", "courier", "--secret", "two", "--coral-url", "").exit_code == 0
    assert kept() == ("courier", ["two", "one"], "", "", 90)


def test_the_connection_is_shown_without_secrets(run, other_site):
    run("connect", "courier", "--secret", "s3cret", "--coral-url", "https://coral.example", "--coral-token", "t0ken")
    done = run("show", "courier")

    assert done.exit_code == 0
    for line in (
        "Site: The Courier (courier), pages on courier.example",
        "Callback URL: http://localhost:8000/coral/courier/",
        "Signing secrets: 1",
        "Parents: read from https://coral.example",
        "Budget: 150 ms",
    ):
        assert line in done.output.splitlines()
    assert "s3cret" not in done.output
    assert "t0ken" not in done.output


def test_a_connection_is_taken_away(run, other_site):
    run("connect", "courier", "--secret", "s")

    assert run("disconnect", "courier").exit_code == 0
    assert not CoralConnection.objects.exists()
    assert Site.objects.filter(key="courier").exists()


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["connect", "paper", "--secret", "s"], "--domain"),
        (["connect", "no slug!", "--secret", "s", "--domain", "paper.example"], "valid"),
        (["connect", "paper", "--secret", "s", "--domain", "*"], "is no domain"),
        (["connect", "paper", "--secret", " ", "--domain", "paper.example"], "signing secret"),
        (["connect", "paper", "--secret", "s", "--domain", "paper.example", "--budget-ms", "0"], "milliseconds"),
        (["connect", "paper", "--secret", "s", "--domain", "paper.example", "--coral-token", "t"], "belong together"),
        (["show", "paper"], "belowline coral connect"),
        (["disconnect", "paper"], "belowline coral connect"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_half_made(run, arguments, problem):
    done = run(*arguments)

    assert done.exit_code == 1
    assert problem in done.output
    assert "Traceback" not in done.output
    assert not Site.objects.exists()


@pytest.mark.slow
def test_in_a_process_of_its_own(environment, tmp_path):
    """The tables are made where there are none."""

    def belowline(*arguments):
        command = [sys.executable, "-m", "belowline", "coral", *arguments]
        return subprocess.run(
            command, env=environment, cwd=os.fspath(tmp_path), capture_output=True, text=True, timeout=120, check=False
        )

    made = belowline("connect", "paper", "--domain", "paper.example", "--secret", "s")
    shown = belowline("show", "paper")

    assert (made.returncode, made.stderr) == (0, "")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "Callback URL: http://localhost:8000/coral/paper/" in shown.stdout
