"""No words for readers stand outside of the catalogues: neither in templates, nor in Python, nor in scripts."""

import ast
import re
from pathlib import Path

import pytest

import belowline

PACKAGE = Path(belowline.__file__).parent
APPS = ("accounts", "comments", "moderation", "notifications", "stories", "stream")
TEMPLATES = sorted(path for app in APPS for path in (PACKAGE / app / "templates").rglob("*.*"))
MODULES = sorted(path for app in APPS for path in (PACKAGE / app).rglob("*.py") if "migrations" not in path.parts)
TRANSLATED = re.compile(
    r"{% comment.*?{% endcomment %}|{% blocktrans(?:late)?\b.*?{% endblocktrans(?:late)? %}|{#.*?#}|{%.*?%}|{{.*?}}",
    re.DOTALL,
)
CODE = re.compile(r"<code>.*?</code>|<(script|style)\b.*?</\1>|{% block body_class %}.*?{% endblock %}", re.DOTALL)
SPOKEN = re.compile(r"\b(?:title|aria-label|aria-description|placeholder|alt|content)=\"([^\"]*)\"")
ADDRESS = re.compile(r"(?<=\s)/[\w/]+/")
WORD = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
NOT_SPOKEN = re.compile(r"^(?:width=device-width.*|noindex|\{&quot;.*|\{\".*|Belowline)$")

SILENT_TEMPLATES = {
    "promise_broken.txt": "goes to the staff",
    "desk_digest.txt": "goes to the staff",
    "escalation.txt": "goes to the staff",
    "webhook_disabled.txt": "goes to the staff",
    "login_redirect.html": "an address alone",
    "model_card.html": "the card is written in English, and marked so",
}
LITERAL_SAYERS = {"gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "npgettext", "gettext_noop", "_"}


def left_in(source):
    """Words of a template that no translator gets to see."""
    source = CODE.sub(" ", source)
    bare = ADDRESS.sub(" ", TRANSLATED.sub(" ", source))
    spoken, text = SPOKEN.findall(bare), re.sub(r"<[^>]*>", " ", bare)
    return [words.strip() for words in [text, *spoken] if WORD.search(words) and not NOT_SPOKEN.match(words.strip())]


@pytest.mark.parametrize("path", TEMPLATES, ids=[f"{path.parts[-4]}/{path.name}" for path in TEMPLATES])
def test_templates(path):
    if path.name in SILENT_TEMPLATES:
        pytest.skip(SILENT_TEMPLATES[path.name])

    assert [" ".join(words.split()) for words in left_in(path.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Words</p>", ["Words"]),
        ('<p title="Words"></p>', ["Words"]),
        ('<p>{% translate "Words" %} · {{ name }} – 12</p>', []),
        ("{% blocktranslate %}Words {{ x }}{% endblocktranslate %}", []),
        ("<button>{% if x %}Words{% endif %}</button>", ["Words"]),
        ('<p aria-label="{% translate "Words" %}"></p>', []),
        ("<code>words</code>", []),
    ],
)
def test_the_scan_of_templates(source, found):
    assert left_in(source) == found


def is_sentence(text):
    """Whether a text reads as if it were meant for people."""
    return bool(
        re.match(r"[A-Z“%{]", text) and re.search(r"[a-z]{2,} [a-z]{2,}", text) and re.search(r"[.?!…:]$", text)
    )


def loose_sentences(tree):  # noqa: C901 - one rule after the other
    """Line and text of every sentence that no translator gets to see."""
    excused = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            excused.add(id(node.value))  # a docstring
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            silent = name in LITERAL_SAYERS or re.match(r"(debug|info|warning|error|exception|log)$", name)
            if silent and not (
                isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "messages"
            ):
                excused.update(id(inner) for inner in ast.walk(node))
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            name = getattr(node.exc.func, "id", "")
            if name in {"TypeError", "ValueError", "PermissionDenied", "RuntimeError", "ImproperlyConfigured"}:
                excused.update(id(inner) for inner in ast.walk(node))
    for node in ast.walk(tree):
        if id(node) in excused:
            continue
        if isinstance(node, ast.JoinedStr):
            whole = "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
            excused.update(id(part) for part in node.values)
            if is_sentence(whole):
                yield node.lineno, whole
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and is_sentence(node.value):
            yield node.lineno, node.value


FOR_STAFF = {
    # What stands here goes to moderators, editors or operators; the desk is in English (its own pages come later).
    "accounts/actions/grant_role.py",
    "accounts/actions/withdraw_role.py",
    "accounts/checks.py",
    "moderation/actions/activate_head.py",
    "moderation/actions/activate_policy.py",
    "moderation/actions/answer_escalation.py",
    "moderation/actions/answer_reports.py",
    "moderation/actions/claim_audit.py",
    "moderation/actions/close_handover.py",
    "moderation/actions/write_handover.py",
    "moderation/actions/decide_appeal.py",
    "moderation/actions/decide_batch.py",
    "moderation/actions/decide_comment.py",
    "moderation/actions/decide_notice.py",
    "moderation/actions/decide_reports.py",
    "moderation/actions/decide_sanction_appeal.py",
    "moderation/actions/edit_faq_answer.py",
    "moderation/actions/escalate_batch.py",
    "moderation/erased.py",
    "moderation/actions/give_second_opinion.py",
    "moderation/actions/hold_comment.py",
    "moderation/actions/escalate_comment.py",
    "moderation/actions/learn_head.py",
    "moderation/actions/lift_sanction.py",
    "moderation/actions/mark_handled.py",
    "moderation/actions/publish_comment.py",
    "moderation/actions/record_decision.py",
    "moderation/actions/reject_all_by.py",
    "moderation/actions/refer_comment.py",
    "moderation/actions/remove_comment.py",
    "moderation/actions/restore_all_by.py",
    "moderation/actions/restore_policy.py",
    "moderation/actions/review_audit.py",
    "moderation/actions/run_batch.py",
    "moderation/actions/sanction_commenter.py",
    "moderation/actions/save_filter.py",
    "moderation/actions/save_template.py",
    "moderation/actions/send_statements.py",
    "moderation/actions/tag_comment.py",
    "moderation/actions/undo_batch.py",
    "moderation/actions/undo_decision.py",
    "moderation/actions/write_team_note.py",
    "moderation/appeals.py",
    "moderation/claims.py",
    "moderation/excerpts.py",
    "moderation/actions/mute_reporter.py",
    "moderation/actions/unmute_reporter.py",
    "moderation/actions/keep_message.py",
    "moderation/actions/reopen_reports.py",
    "moderation/actions/void_certificate.py",
    "moderation/escalations.py",
    "moderation/impartial.py",
    "moderation/statements/build.py",
    "moderation/statements/figures.py",
    "moderation/statements/client.py",
    "moderation/statements/restrictions.py",
    "moderation/watch.py",
    "moderation/subjects.py",
    "notifications/action_links.py",
    "notifications/actions/add_channel.py",
    "notifications/actions/add_webhook.py",
    "notifications/actions/follow_link.py",
    "notifications/actions/resend_messages.py",
    "notifications/actions/try_webhook.py",
    "notifications/chat_words.py",
    "notifications/desk_tasks.py",
    "notifications/hooks.py",
    "notifications/promises.py",
    "notifications/webhooks/tasks.py",
    "stories/fetch.py",
    "stories/purging.py",
}


@pytest.mark.parametrize("path", MODULES, ids=[str(path.relative_to(PACKAGE)) for path in MODULES])
def test_modules(path):
    name = str(path.relative_to(PACKAGE))
    found = list(loose_sentences(ast.parse(path.read_text("utf-8"))))
    if name in FOR_STAFF:
        pytest.skip("for staff")

    assert found == [], f"wrap these with gettext, whole and with named gaps: {name}"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('x = "This is a sentence."', ["This is a sentence."]),
        ('x = gettext("This is a sentence.")', []),
        ('"""This is a docstring."""', []),
        ('logger.error("this was a fault: %s.", x)', []),
        ('messages.error(request, "This is a sentence.")', ["This is a sentence."]),
        ('raise ValueError("This is a sentence.")', []),
        ('raise PostingError("This is a sentence.", code="x")', ["This is a sentence."]),
        ('raise PostingError(f"You have {count} of these.", code="x")', ["You have {} of these."]),
        ('x = "a_name"', []),
    ],
)
def test_the_scan_of_modules(source, found):
    assert [text for _, text in loose_sentences(ast.parse(source))] == found


def labels(tree):
    """Line and label of every choice that is not translated."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any("Choices" in ast.unparse(base) for base in node.bases):
            for item in node.body:
                if isinstance(item, ast.Assign) and isinstance(item.value, ast.Tuple):
                    label = item.value.elts[-1]
                    if isinstance(label, ast.Constant):
                        yield node.name, label.value


CHOICES_FOR_STAFF = {"moderation.Result", "stories.TextState", "accounts.Kind", "accounts.Algorithm", "accounts.Role"}


@pytest.mark.parametrize(
    "path",
    [PACKAGE / app / "models.py" for app in APPS if (PACKAGE / app / "models.py").exists()],
    ids=lambda path: path.parent.name,
)
def test_labels_of_choices(path):
    found = [
        (name, label)
        for name, label in labels(ast.parse(path.read_text("utf-8")))
        if f"{path.parent.name}.{name}" not in CHOICES_FOR_STAFF
    ]

    assert found == []


NO_WORDS = {"use strict", "no options", "plain unmuted"}
"""What programmers read."""
SCRIPTS = sorted((PACKAGE / "stream" / "static" / "belowline").glob("*.js"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_take_their_words_from_the_page(path):
    source = re.sub(r"/\*.*?\*/|^\s*//[^\n]*$", " ", path.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    said = [words for _, words in re.findall(r"([\"'`])((?:(?!\1).)*)\1", source)]

    assert [
        words
        for words in said
        if re.search(r"(?:^| )[A-Za-z]{2,} [a-z]{2,}", words) and "[" not in words and words not in NO_WORDS
    ] == []


STYLES = sorted((PACKAGE / "stream" / "static" / "belowline").glob("*.css"))
PHYSICAL = re.compile(
    r"(?:margin|padding|border)-(?:left|right)\b|text-align:\s*(?:left|right)|(?<=[\s;{])(?:left|right):|float:\s*(?:left|right)"
)


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_styles_know_no_left_and_right(path):
    assert PHYSICAL.findall(path.read_text("utf-8")) == []
