"""What people use is documented: commands, options, settings, rules, scores, causes and error codes."""

import ast
import re
import tomllib

import click
import pytest

from belowline.cli import COMMANDS, main
from belowline.engine.explain import CAUSES
from belowline.engine.policy import SCORE_NAMES, default_policy_text, load_policy, policy_schema
from belowline.engine.statement_terms import CATEGORIES, KEYWORDS

SETTING_NAME = re.compile(r"BELOWLINE_[A-Z0-9_]+|DATABASE_URL")


def section(text, heading):
    """The part of a page under a heading, up to the next one of the same or a higher level."""
    found = re.search(rf"^(#+) {re.escape(heading)}$(.*?)(?=^#{{1,2}} |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"there is no heading “{heading}”"
    return found[2]


def commands():
    context = click.Context(main)
    return {name: main.get_command(context, name) for name in main.list_commands(context)}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_section(page, name):
    assert section(page("reference/cli.md"), f"belowline {name}").strip()


@pytest.mark.parametrize("name", commands())
def test_every_option_and_argument_is_named(page, name):
    described = section(page("reference/cli.md"), f"belowline {name}")
    for parameter in commands()[name].params:
        for spelt in parameter.opts if isinstance(parameter, click.Option) else [parameter.name.upper()]:
            assert f"`{spelt}" in described, f"docs/reference/cli.md says nothing of {spelt} under belowline {name}"


def settings_read(tree):
    """Name of each variable that an env_...() call reads."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.startswith("env_"):
            name = node.args[0]
            assert isinstance(name, ast.Constant), f"line {node.lineno}: write the variable's name out"
            yield name.value


def all_settings(modules):
    return sorted({name for path, tree in modules.items() if path.name != "env.py" for name in settings_read(tree)})


def test_every_setting_has_a_name_of_ours(modules):
    strange = [name for name in all_settings(modules) if not SETTING_NAME.fullmatch(name)]

    assert not strange, "settings begin with BELOWLINE_: " + ", ".join(strange)


def test_every_setting_is_documented(modules, page):
    described = set(re.findall(r"^\| `(\w+)`", page("reference/settings.md"), re.MULTILINE))

    missing = sorted(set(all_settings(modules)) - described)
    gone = sorted(described - set(all_settings(modules)))
    assert not missing, "add a row to docs/reference/settings.md for " + ", ".join(missing)
    assert not gone, "docs/reference/settings.md describes what nothing reads: " + ", ".join(gone)


def test_the_environment_is_read_in_one_place(modules, root):
    allowed = {"env.py", "wsgi.py", "wsgi_engine.py", "asgi.py"}
    stray = [
        f"{path.relative_to(root)}:{node.lineno}"
        for path, tree in modules.items()
        if path.name not in allowed and "cli" not in path.parts and "lab" not in path.parts
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
        if isinstance(node.value, ast.Name) and node.value.id == "os"
    ]

    assert not stray, "read settings with the functions of config/env.py: " + ", ".join(stray)


@pytest.mark.parametrize("code", load_policy().rules)
def test_every_rule_of_the_default_policy_is_described(page, code):
    assert f"| `{code}` |" in page("reference/policy.md")


@pytest.mark.parametrize("name", SCORE_NAMES)
def test_every_score_is_described(page, name):
    assert f"| `{name}` |" in page("reference/policy.md")


def test_the_thresholds_in_the_documentation_are_those_of_the_file(page):
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| ([\d.]+) \|", page("reference/policy.md"), re.MULTILINE)

    described = {code: (score, float(hold)) for code, score, hold in rows}
    assert described == {code: (rule.score, rule.hold) for code, rule in load_policy().rules.items()}


def test_every_key_of_a_policy_is_described(page):
    described = page("reference/policy.md")
    definitions = policy_schema()["$defs"]
    keys = {key for name in ("_Head", "Settings", "Rule", "StatementTerms") for key in definitions[name]["properties"]}

    assert keys >= {"name", "max_links", "hold"}
    assert sorted(key for key in keys if f"| `{key}` |" not in described) == []


def test_the_default_policy_uses_no_key_twice():
    assert tomllib.loads(default_policy_text())


@pytest.mark.parametrize("code", load_policy().rules)
def test_the_statement_of_every_rule_is_described_as_it_is(page, code):
    terms = load_policy().rules[code].statement
    text = f": “{terms.keyword_text}”" if terms.keyword_text else ""

    assert f"| `{code}` | `{terms.category}` | `{terms.keyword}`{text} |" in page("reference/statements.md")


def test_every_category_and_keyword_is_listed(page):
    listed = page("reference/statements.md")

    assert [word for word in CATEGORIES if f"| `{word}` |" not in section(listed, "Categories")] == []
    assert [word for word in KEYWORDS if f"`{word}`" not in section(listed, "Keywords")] == []


@pytest.mark.parametrize("cause", CAUSES)
def test_every_cause_is_described(page, cause):
    assert f"| `{cause}` |" in page("reference/cli.md")


def error_classes(modules):
    """The names of all classes derived from BelowlineError, by the names of their bases."""
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for tree in modules.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    found = {"BelowlineError"}
    while grown := {name for name, parents in bases.items() if parents & found} - found:
        found |= grown
    return found


def codes_in(tree, errors):
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name in errors:
            for item in node.body:
                if isinstance(item, ast.Assign) and [ast.unparse(target) for target in item.targets] == ["code"]:
                    yield item.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in errors:
            yield from (keyword.value for keyword in node.keywords if keyword.arg == "code")


def error_codes(modules):
    errors = error_classes(modules)
    values = [value for tree in modules.values() for value in codes_in(tree, errors)]
    return {value.value for value in values if isinstance(value, ast.Constant)}


def test_every_error_code_is_documented(modules, page):
    codes = error_codes(modules)
    described = set(re.findall(r"^\| `(\w+)`", page("reference/errors.md"), re.MULTILINE))

    assert {"text_empty", "invalid_policy", "line_too_long"} <= codes
    missing = sorted(codes - described)
    assert not missing, "add a row to docs/reference/errors.md for " + ", ".join(missing)


def test_error_codes_are_words_with_underscores(modules):
    assert [code for code in error_codes(modules) if not re.fullmatch(r"[a-z][a-z0-9_]*", code)] == []
