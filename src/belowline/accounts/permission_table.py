"""The matrix of permissions as a table: for the documentation, and for the desk's page about people."""

from typing import NamedTuple

from belowline.accounts.permissions import MATRIX, ROLES, TITLES


class TableRow(NamedTuple):
    """What may be done, and by which roles, in the order of ROLES."""

    words: str
    marks: list[tuple[str, bool]]
    """The role's title, and whether it may."""


def table_rows() -> list[TableRow]:
    """Return the matrix, one row an action."""
    return [
        TableRow(row.words[0].upper() + row.words[1:], [(TITLES[role], role in row.roles) for role in ROLES])
        for row in MATRIX.values()
    ]


def as_markdown() -> str:
    """Return the matrix as a table in Markdown, with the name that the code has for each action."""
    lines = [f"| may | in the code | {' | '.join(TITLES[role].lower() for role in ROLES)} |"]
    lines.append(f"|---|---|{':-:|' * len(ROLES)}")
    for action, row in zip(MATRIX, table_rows(), strict=True):
        marks = " | ".join("yes" if may else "–" for _, may in row.marks)
        lines.append(f"| {row.words[0].lower()}{row.words[1:]} | `{action}` | {marks} |")
    return "\n".join(lines)
