"""The layers point down, and the contracts notice when one does not."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

UPWARD = {
    "the engine imports the command line": ("engine/decide.py", "import belowline.cli"),
    "the engine imports a framework": ("engine/decide.py", "import django"),
    "the engine opens a connection": ("engine/policy.py", "import socket"),
    "the engine imports the lab": ("engine/judge.py", "import belowline.lab.stray"),
    "the lab imports Django": ("lab/stray.py", "import django"),
    "comments import moderation": ("comments/stray.py", "import belowline.moderation.stray"),
    "stream imports desk": ("stream/stray.py", "import belowline.desk.stray"),
    "events import accounts": ("events/stray.py", "import belowline.accounts.stray"),
}


@pytest.fixture
def copy(root, tmp_path):
    """A copy of the package with its contracts."""
    quiet = shutil.ignore_patterns("__pycache__", "weights", "static", "templates")
    shutil.copytree(root / "src", tmp_path / "src", ignore=quiet)
    shutil.copy(root / "pyproject.toml", tmp_path)
    for layer in ("lab", "comments", "moderation", "stream", "desk", "events", "accounts"):
        (tmp_path / "src" / "belowline" / layer / "stray.py").write_text('"""Stray."""\n', "utf-8")
    return tmp_path


def lint_imports(folder):
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder / "src")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_contracts_hold(copy):
    done = lint_imports(copy)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("path", "line"), UPWARD.values(), ids=UPWARD)
def test_an_upward_import_breaks_a_contract(copy, path, line):
    file = copy / "src" / "belowline" / path
    file.write_text(f"{file.read_text('utf-8')}\n{line}\n", "utf-8")

    done = lint_imports(copy)

    assert done.returncode == 1, done.stdout + done.stderr
    assert "BROKEN" in done.stdout
