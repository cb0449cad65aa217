"""Names say what is inside, and every module says what it is for."""

import ast

import pytest

EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}
FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


def test_no_module_has_a_name_that_says_nothing(tracked, root):
    found = [str(path.relative_to(root)) for path in tracked if path.suffix == ".py" and path.stem in EMPTY_NAMES]

    assert not found, "name these after what they hold: " + ", ".join(found)


def test_every_module_says_what_it_is_for(modules, root):
    silent = [str(path.relative_to(root)) for path, tree in modules.items() if not says_something(path, tree)]

    assert not silent, "begin these with a docstring of one line: " + ", ".join(silent)


def says_something(path, tree):
    return bool(ast.get_docstring(tree)) or (path.name == "__init__.py" and not tree.body)


def public(tree, prefix=""):
    """Every public function, class and method, by its dotted name."""
    for node in tree.body:
        if not isinstance(node, FUNCTIONS | ast.ClassDef) or node.name.startswith("_"):
            continue
        yield f"{prefix}{node.name}", node
        if isinstance(node, ast.ClassDef):
            yield from public(node, f"{prefix}{node.name}.")


def test_what_the_engine_and_the_actions_offer_is_described(modules, root):
    bare = [
        f"{path.relative_to(root)}: {name}"
        for path, tree in modules.items()
        if {"engine", "actions"} & set(path.parts)
        for name, node in public(tree)
        if not ast.get_docstring(node)
    ]

    assert not bare, "say in one line what these do, and what they raise:\n" + "\n".join(bare)


@pytest.mark.parametrize("area", ["engine", "actions"])
def test_the_rule_reads_something(modules, area):
    found = [name for path, tree in modules.items() if area in path.parts for name, _ in public(tree)]

    assert found or area == "actions"


def test_an_action_file_holds_the_function_that_it_is_named_after(modules, root):
    stray = [
        str(path.relative_to(root))
        for path, tree in modules.items()
        if path.parent.name == "actions"
        and path.name != "__init__.py"
        and path.stem not in {name for name, _ in public(tree)}
    ]

    assert not stray, "one verb per file, and the file bears its name: " + ", ".join(stray)


def test_actions_take_keywords_only(modules, root):
    positional = [
        f"{path.relative_to(root)}: {node.name}"
        for path, tree in modules.items()
        if path.parent.name == "actions"
        for name, node in public(tree)
        if name == path.stem and (node.args.args or node.args.posonlyargs)
    ]

    assert not positional, "make every argument of these keyword-only: " + ", ".join(positional)
