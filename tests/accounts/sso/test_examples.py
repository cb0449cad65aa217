"""The examples of docs/how-to/sso.md make tokens that are accepted."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from belowline.accounts.sso.tokens import read_token

pytestmark = pytest.mark.django_db


def example(request, language):
    """The code of a language, out of the page."""
    page = (request.config.rootpath / "docs/how-to/sso.md").read_text("utf-8")
    return re.search(rf"^```{language}\n(.*?)^```", page, re.MULTILINE | re.DOTALL)[1]


@pytest.fixture
def here(publisher, settings, tmp_path, monkeypatch):
    """A folder with the key that the examples read, whose name is the one that they give."""
    settings.BASE_URL = "https://comments.gazette.example"
    monkeypatch.chdir(tmp_path)

    def make(algorithm, file):
        made = publisher(algorithm, issuer="https://www.gazette.example", kid="3f1c9a0d7be24c15", trusts_email=True)
        (tmp_path / file).write_text(made.private)
        return made.key

    return make


def check(token, key):
    found, claims = read_token(token)
    assert found == key
    assert (claims.subject, claims.name, claims.is_email_verified) == ("reader-4711", "Zoë Pascoe", True)


def test_python(request, here):
    key = here("EdDSA", "sso-private.pem")
    names = {}
    exec(example(request, "python"), names)  # noqa: S102 - our own page

    check(names["token"], key)


@pytest.mark.parametrize(
    ("language", "program", "key_of"),
    [("js", "node", ("EdDSA", "sso-private.pem")), ("php", "php", ("HS256", "sso-secret"))],
)
def test_other_languages(request, here, language, program, key_of):
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    key = here(*key_of)
    say = "\nconsole.log(token);\n" if language == "js" else "\necho $token;\n"
    Path(f"example.{language}").write_text(example(request, language) + say)
    done = subprocess.run([program, f"example.{language}"], capture_output=True, text=True, check=True, timeout=60)

    check(done.stdout.strip(), key)
