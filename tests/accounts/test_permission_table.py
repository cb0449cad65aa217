"""The matrix as people read it: in the documentation, it is the one that holds."""

from pathlib import Path

from belowline.accounts.permission_table import as_markdown, table_rows
from belowline.accounts.permissions import MATRIX, Action

PAGE = Path(__file__).parents[2] / "docs/reference/permissions.md"


def test_the_documentation_is_made_of_the_matrix():
    assert f"<!-- matrix -->\n{as_markdown()}\n<!-- end of the matrix -->" in PAGE.read_text("utf-8"), (
        "run `make permissions`"
    )


def test_a_row_says_who_may():
    rows = dict(zip(MATRIX, table_rows(), strict=True))

    assert rows[Action.BAN].words == "Ban a commenter"
    assert rows[Action.BAN].marks == [
        ("Auditor", False),
        ("Moderator", False),
        ("Senior moderator", True),
        ("Editor", True),
        ("Administrator", True),
    ]


def test_words_follow_may():
    assert all(row.words[0].islower() and not row.words.endswith(".") for row in MATRIX.values())
