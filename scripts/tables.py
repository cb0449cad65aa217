"""Writes a table that the code holds into its page of the reference: for `make permissions` and `make retention`."""

import os
import sys
from importlib import import_module
from pathlib import Path

import django

REFERENCE = Path(__file__).parents[1] / "docs/reference"
TABLES = {
    "permissions": ("belowline.accounts.permission_table", "<!-- matrix -->\n", "<!-- end of the matrix -->"),
    "retention": ("belowline.retention.kinds", "<!-- kinds -->\n", "<!-- end of the kinds -->"),
}
"""By the name of the page: the module whose as_markdown() is the table, and the marks around it."""


def main(name: str) -> None:
    """Put the table between its marks."""
    module, begin, end = TABLES[name]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "belowline.config.settings")
    django.setup()
    page = REFERENCE / f"{name}.md"
    before, _, rest = page.read_text("utf-8").partition(begin)
    page.write_text(f"{before}{begin}{import_module(module).as_markdown()}\n{end}{rest.partition(end)[2]}", "utf-8")
    print(f"wrote {page}")


if __name__ == "__main__":
    main(*sys.argv[1:])
