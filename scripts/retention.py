"""Writes what is kept how long into docs/reference/retention.md: for `make retention`."""

import os
from pathlib import Path

import django

PAGE = Path(__file__).parents[1] / "docs/reference/retention.md"
BEGIN, END = "<!-- kinds -->\n", "<!-- end of the kinds -->"


def main() -> None:
    """Put the table between its marks."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "belowline.config.settings")
    django.setup()
    from belowline.retention.kinds import as_markdown

    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}{as_markdown()}\n{END}{after}", "utf-8")
    print(f"wrote {PAGE}")


if __name__ == "__main__":
    main()
