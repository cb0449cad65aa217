"""The glossary and the code use the same words."""

import ast
import re

ENUMS = {"Outcome", "Status", "Maker"}
FIRST_WORD = re.compile(r"^\| \*\*(.+?)\*\* \|", re.MULTILINE)


def words(page):
    return [word.strip() for row in FIRST_WORD.findall(page("glossary.md")) for word in row.split(",")]


def enum_values(modules):
    for tree in modules.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and node.name in ENUMS:
                for item in node.body:
                    if isinstance(item, ast.Assign):
                        value = item.value.elts[0] if isinstance(item.value, ast.Tuple) else item.value
                        yield node.name, value.value


def identifiers(modules):
    """Every name, attribute, argument, module and short string of the package, cut at underscores."""
    found = set()
    for path, tree in modules.items():
        found.update(path.with_suffix("").parts[-3:])
        for node in ast.walk(tree):
            for field in ("id", "attr", "arg", "name"):
                if isinstance(value := getattr(node, field, None), str):
                    found.add(value)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 40:
                found.add(node.value)
    return {part.lower() for name in found for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)}


def test_the_glossary_has_words(page):
    assert {"story", "signal", "score", "rule", "decision", "outcome", "reason", "status"} <= set(words(page))


def test_every_word_of_the_glossary_is_used_in_the_code(modules, page):
    used = identifiers(modules)

    unused = [word for word in words(page) if not {word, f"{word}s"} & used]
    assert not unused, "these words of docs/glossary.md stand nowhere in the code: " + ", ".join(unused)


def test_every_status_and_outcome_is_explained(modules, page):
    text = page("glossary.md")
    values = sorted(set(enum_values(modules)))

    assert ("Outcome", "hold") in values
    missing = [f"{name} {value}" for name, value in values if f"*{value}*" not in text]
    assert not missing, "explain these in docs/glossary.md (written *so*): " + ", ".join(missing)


def test_readers_report_and_nobody_flags(modules):
    flagged = [
        node.name
        for tree in modules.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and re.search(r"(?i)(^|_)flag(ged|s)?(_|$)", node.name)
    ]

    assert not flagged, "a reader reports, the glossary says: rename " + ", ".join(flagged)
