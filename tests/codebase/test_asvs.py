"""docs/reference/asvs.md: every requirement has its line, every line its evidence, every test named is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "asvs.md"
LEVELS_1_AND_2 = """
1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 4.2:1 4.3:2 4.4:4 5.1:1 5.2:3
5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2 8.1:2 8.2:3 8.3:1 8.4:1 9.1:3
9.2:4 10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3 11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1 12.1:3 12.2:2 12.3:4
13.1:1 13.2:5 13.3:2 13.4:5 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7 16.1:1 16.2:5 16.3:4 16.4:3 16.5:3
17.1:1 17.2:4 17.3:2
"""
"""Section -> how many of its requirements are of level 1 or 2; these come first in each section of the standard."""
STATES = {"met", "operator", "n/a", "no"}
ROW = re.compile(r"^\| (\d[\d.–]*) \| (.+?) \| ([\w/]+) \| (.+) \|$", re.MULTILINE)


def wanted():
    """The numbers of all requirements, in their order."""
    sections = [entry.split(":") for entry in LEVELS_1_AND_2.split()]
    return [f"{section}.{number}" for section, count in sections for number in range(1, int(count) + 1)]


def expand(numbers, known):
    """Return the requirements of a row: one, or from one to another."""
    first, _, last = numbers.partition("–")
    return known[known.index(first) : known.index(last or first) + 1]


def rows():
    return ROW.findall(PAGE.read_text("utf-8"))


def test_every_requirement_has_one_line():
    known = wanted()
    named = [number for row in rows() for number in expand(row[0], known)]

    assert len(known) == 253, "70 of level 1, and 183 of level 2"
    assert named == known


def test_every_line_says_what_holds_and_by_what():
    assert {state for _, _, state, _ in rows()} == STATES
    assert [number for number, about, _, evidence in rows() if not about.strip() or len(evidence) < 10] == []


def names_in(path):
    """The names of the tests of a file."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


PAGES = (PAGE, ROOT / "SECURITY.md")
NAMED = sorted(
    {named for page in PAGES for named in re.findall(r"`(tests/[\w/.]+(?:::\w+)?)`", page.read_text("utf-8"))}
)


@pytest.mark.parametrize("named", NAMED)
def test_every_test_that_is_named_is_there(named):
    path, _, name = named.partition("::")

    assert (ROOT / path).exists()
    assert not name or name in names_in(path)


def test_enough_are_named():
    assert len(NAMED) > 90


@pytest.mark.parametrize("page", PAGES, ids=["asvs", "SECURITY"])
def test_what_is_linked_is_there(page):
    for target in re.findall(r"\]\(([^)#:]+)(?:#[\w-]*)?\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target
