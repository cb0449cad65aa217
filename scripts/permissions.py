"""Writes the matrix of permissions into docs/reference/permissions.md: for `make permissions`."""

import os
from pathlib import Path

import django

PAGE = Path(__file__).parents[1] / "docs/reference/permissions.md"
BEGIN, END = "<!-- matrix -->\n", "<!-- end of the matrix -->"


def main() -> None:
    """Put the table between its marks."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "belowline.config.settings")
    django.setup()
    from belowline.accounts.permission_table import as_markdown

    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}{as_markdown()}\n{END}{after}", "utf-8")
    print(f"wrote {PAGE}")


if __name__ == "__main__":
    main()
