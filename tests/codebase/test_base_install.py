"""The engine installs and judges with the base requirements alone: no Django anywhere."""

import json
import subprocess
import sys
import venv

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("base install")]

JUDGE = """
import importlib.util, sys
from belowline import Engine, Story, Submission

engine = Engine.load()
story = Story(title="Harbour bridge closed", body="The harbour bridge is closed for a week.")
rude = engine.judge(Submission(text="You are a complete idiot.", story=story))
fine = engine.judge(Submission(text="When will the harbour bridge open again?", story=story))
print(rude.outcome, fine.outcome)
print("django" in sys.modules, importlib.util.find_spec("django") is not None)
"""


@pytest.fixture(scope="module")
def bare(root, tmp_path_factory):
    """The folder of programs of an environment that holds the base requirements and our wheel."""
    folder = tmp_path_factory.mktemp("base")
    venv.create(folder / "venv", with_pip=False)
    programs = folder / "venv" / "bin"
    pip = [*pip_in(programs), "install", "--quiet", "--no-compile"]
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=root)
    run(*pip, "--require-hashes", "-r", root / "requirements" / "base.txt", cwd=folder)
    run(*pip, "--no-deps", *folder.glob("*.whl"), cwd=folder)
    return programs


def pip_in(programs):
    """Our own pip, at work in another environment: that needs none of its own."""
    return [sys.executable, "-m", "pip", "--python", programs / "python", "--disable-pip-version-check"]


def run(*command, **options):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_engine_judges_without_django(bare, tmp_path):
    outcomes, django = run(bare / "python", "-I", "-c", JUDGE, cwd=tmp_path).splitlines()

    assert outcomes == "hold publish"
    assert django == "False False"


def test_the_command_line_scores_without_django(bare, tmp_path):
    line = json.dumps({"id": 1, "text": "You are a complete idiot."}) + "\n"

    row = json.loads(run(bare / "belowline", "score", cwd=tmp_path, input=line))

    assert row["id"] == 1
    assert row["scores"]["insult"] > 0.5


def test_a_command_of_the_newsroom_says_what_is_missing(bare, tmp_path):
    done = subprocess.run([bare / "belowline", "doctor"], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode != 0
    assert "Traceback" not in done.stderr


def test_nothing_is_missing_or_in_conflict(bare, tmp_path):
    run(*pip_in(bare), "check", cwd=tmp_path)
