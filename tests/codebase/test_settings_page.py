"""docs/reference/settings.md is true: each default there is the one in the code."""

import ast
import re

import pytest

from belowline.config import settings

COMPUTED = {
    "BELOWLINE_DATA_DIR": "`belowline-data`",
    "BELOWLINE_SECRET_KEY": "the file `secret_key` in the data folder",
    "DATABASE_URL": "SQLite in the data folder",
    "BELOWLINE_HTTPS": "yes if the base address is https",
    "BELOWLINE_EMAIL_BACKEND": "Django's SMTP backend",
    "BELOWLINE_MODELS_DIR": "`models` in the data folder",
    "BELOWLINE_POLICY": "the shipped policy",
    "BELOWLINE_METRICS_TOKEN": "the file `metrics_token` in the data folder",
    "BELOWLINE_PURGE_HEADER": "the file `purge_header` in the data folder",
    "BELOWLINE_METRICS_DIR": "`metrics` in the data folder",
    "BELOWLINE_LOG_LEVEL": "`INFO`",
}
"""What a sentence says better than the default itself: these are written by hand, here and there."""


def default_of(call):
    """The default that an env_...() call gives, as the page writes it."""
    given = [ast.literal_eval(node) for node in call.args[1:] if isinstance(node, ast.Constant | ast.Tuple)]
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    kind = call.func.id
    if kind == "env_bool":
        is_on = ast.literal_eval(named["default"]) if "default" in named else False
        return "yes" if is_on else "no"
    if kind == "env_choice":
        return f"`{given[0][0]}`"
    return f"`{given[0]}`" if given and given[0] != "" else "none"


def in_code():
    with open(settings.__file__, encoding="utf-8") as opened:  # noqa: PTH123 - a module's path is a string
        tree = ast.parse(opened.read())
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.startswith("env_"):
            name = node.args[0].value
            if name not in COMPUTED:
                yield name, default_of(node)


def test_enough_is_read():
    assert len(dict(in_code())) > 25


@pytest.mark.parametrize(("name", "default"), sorted({**dict(in_code()), **COMPUTED}.items()))
def test_the_default_on_the_page_is_that_of_the_code(page, name, default):
    [shown] = re.findall(rf"^\| `{name}` \| ([^|]*) \|", page("reference/settings.md"), re.MULTILINE)

    assert shown == default
