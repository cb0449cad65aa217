"""The examples in docs/reference/cli.md are what the commands really answer."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from belowline import cli

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "cli.md"
EXAMPLE = re.compile(r"```sh\n(.+?)\n```\n\n```json\n(.+?)\n```", re.DOTALL)
EXAMPLES = EXAMPLE.findall(PAGE.read_text("utf-8"))
SOURCE = Path(cli.__file__).parents[2]


def answer(command):
    function = f'belowline() {{ "{sys.executable}" -m belowline "$@"; }}\n'
    done = subprocess.run(
        ["bash", "-c", function + command],
        env={"PYTHONPATH": str(SOURCE), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def documented(text):
    """The lines of an example, each of which may be broken for reading."""
    return [json.loads(part) for part in re.split(r"\n(?=\{)", text)]


def shape(value):
    """What does not depend on a model's figures: keys and types; of an array, its first element."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value[:1]]
    return "number" if isinstance(value, int | float) else type(value).__name__


@pytest.mark.parametrize(("command", "output"), EXAMPLES, ids=[command[-40:] for command, _ in EXAMPLES])
def test_an_example_is_what_the_command_answers(command, output):
    answered, expected = answer(command), documented(output)

    assert [shape(row) for row in answered] == [shape(row) for row in expected]
    assert [row.get("error") for row in answered] == [row.get("error") for row in expected]
    assert [row.get("outcome") for row in answered] == [row.get("outcome") for row in expected]
    assert [row.get("unchecked") for row in answered] == [row.get("unchecked") for row in expected]


def test_there_are_examples_of_both_commands():
    assert {command.split()[-1] for command, _ in EXAMPLES} == {"score", "judge"}
