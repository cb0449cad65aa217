"""The tree as the house rules read it."""

import ast
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]


class Function(NamedTuple):
    """A function of src, with its length in lines (decorators apart)."""

    place: str
    node: ast.FunctionDef | ast.AsyncFunctionDef
    lines: int


@pytest.fixture(scope="session")
def root():
    """The folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def tracked():
    """Every file that git knows or would add, as a path below the root."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return sorted(path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file())


@pytest.fixture(scope="session")
def modules():
    """Path -> syntax tree of every module of the package, migrations excepted."""
    paths = sorted((ROOT / "src" / "belowline").rglob("*.py"))
    return {path: ast.parse(path.read_text("utf-8")) for path in paths if "migrations" not in path.parts}


@pytest.fixture(scope="session")
def functions(modules):
    """Every function and method of the package."""
    return [
        Function(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", node, node.end_lineno - node.lineno + 1)
        for path, tree in modules.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


@pytest.fixture(scope="session")
def page():
    """Read a page of the documentation by its path below docs/."""

    def read(name):
        return (ROOT / "docs" / name).read_text("utf-8")

    return read
