"""Whatever staff do asks accounts.permissions, and nothing else knows what a role may."""

import ast
import re

ACTORS = {"by", "moderator", "reviewer"}
"""What actions call whoever acts."""
ELSEWHERE = {
    "answer_reports": "called by what takes a comment from readers",
    "end_escalations": "called by what decides",
    "follow_link": "decide_comment asks",
    "keep_message": "decide_comment asks",
    "record_decision": "called by what decides",
    "reopen_handover": "close_handover asks",
    "restore_policy": "activate_policy asks",
    "unfold_comment": "fold_comment asks",
}
OF_READERS = {
    "delete_comment",
    "explain_relation",
    "mute_author",
    "recommend_comment",
    "unmute_author",
    "withdraw_recommendation",
}
"""What everybody does with their own things; `by` is whoever signed in."""


def staff_actions(modules):
    """Each action that somebody of the staff takes, with what its module calls."""
    for path, tree in modules.items():
        if path.parent.name != "actions":
            continue
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name == path.stem:
                names = {argument.arg for argument in node.args.kwonlyargs}
                if names & ACTORS:
                    yield path.stem, {call_name(call) for call in ast.walk(tree) if isinstance(call, ast.Call)}


def call_name(call):
    return call.func.id if isinstance(call.func, ast.Name) else ""


def test_every_action_of_staff_asks(modules):
    found = dict(staff_actions(modules))

    assert len(found) > 15
    silent = [
        name
        for name, calls in found.items()
        if not calls & {"require", "require_somewhere"} and name not in {*ELSEWHERE, *OF_READERS}
    ]
    assert not silent, "call accounts.permissions.require in these, or say here who does: " + ", ".join(silent)


def test_nothing_is_excused_that_is_not_there(modules):
    assert {*ELSEWHERE, *OF_READERS} <= set(dict(staff_actions(modules)))


def test_roles_are_compared_in_one_place(modules, root):
    """A page or an action that looks at a role by itself would forget sites, sections and second factors."""
    allowed = {"accounts"}
    stray = [
        f"{path.relative_to(root)}:{node.lineno}"
        for path, tree in modules.items()
        if not allowed & set(path.parts)
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) and re.search(r"\brole\b", ast.unparse(node)) and "Role." in ast.unparse(node)
    ]

    assert not stray, "ask accounts.permissions.may: " + ", ".join(stray)
