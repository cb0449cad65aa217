"""The contract: every case of `belowline compat check`, and the error bodies of the documentation word for word."""

import json
from urllib.parse import urlencode

import pytest
from django.test import Client

from belowline.compat.check.cases import GREEK, all_cases
from belowline.compat.check.expected import Answer

CASES = list(all_cases())
ENVELOPE = (
    '{{"error": {{"code": 400, "message": "{}", "status": "INVALID_ARGUMENT", "details": '
    '[{{"@type": "type.googleapis.com/google.commentanalyzer.v1alpha1.Error", "errorType": "{}"{}}}]}}}}'
)
UNREAD = ', "languageNotSupportedByAttributeError": {{"{}": [{}], "attribute": "TOXICITY"}}'
OM = UNREAD.format("requestedLanguages", '"om"')
OM_AND_TI = UNREAD.format("requestedLanguages", '"om", "ti"')
EL = UNREAD.format("detectedLanguages", '"el"')
LANGUAGE = "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"
BOTH = {"entries": [{"text": "x"}], "articleAndParentComment": {}}
DOCUMENTED = {
    "empty": ({"comment": {"text": ""}}, "Comment must be non-empty.", "COMMENT_EMPTY", ""),
    "white space": ({"comment": {"text": " \n\t"}}, "Comment must be non-empty.", "COMMENT_EMPTY", ""),
    "too long": ({"comment": {"text": "é" * 10_241}}, "Comment text too long.", "COMMENT_TOO_LONG", ""),
    "om": ({"languages": ["om"]}, "Attribute TOXICITY does not support request languages: om", LANGUAGE, OM),
    "om and ti": (
        {"languages": ["om", "en", "ti"]},
        "Attribute TOXICITY does not support request languages: om,ti",
        LANGUAGE,
        OM_AND_TI,
    ),
    "detected": (
        {"languages": None, "comment": {"text": GREEK}},
        "Attribute TOXICITY does not support request languages: el",
        LANGUAGE,
        EL,
    ),
    "undetected": (
        {"languages": None, "comment": {"text": "ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ ᎠᏂᏴᏫᏯ ᎤᏂᎦᏚ"}},
        "Unable to detect language",
        "LANGUAGE_DETECTION_FAILED",
        "",
    ),
    "no attributes": ({"requestedAttributes": {}}, "Missing requested_attributes", "NO_REQUESTED_ATTRIBUTES", ""),
    "unknown": ({"requestedAttributes": {"X": {}}}, "Unknown requested attribute: X", "INVALID_REQUEST", ""),
    "score type": (
        {"requestedAttributes": {"INSULT": {"scoreType": "PERCENTILE"}}},
        "Requested score type PERCENTILE is not supported by attribute INSULT",
        "INVALID_REQUEST",
        "",
    ),
    "html": (
        {"comment": {"text": "x", "type": "HTML"}},
        "Currently, only 'PLAIN_TEXT' comments are supported",
        "INVALID_REQUEST",
        "",
    ),
    "text type": ({"comment": {"text": "x", "type": "RTF"}}, "Unknown text type", "INVALID_REQUEST", ""),
    "both contexts": (
        {"context": BOTH},
        "Context can have either entries or article_and_parent_comment, but both fields were populated.",
        "INVALID_REQUEST",
        "",
    ),
}
INVALID_KEY = """
{"error": {"code": 400, "message": "API key not valid. Please pass a valid API key.",
  "status": "INVALID_ARGUMENT",
  "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo",
               "reason": "API_KEY_INVALID", "domain": "googleapis.com",
               "metadata": {"service": "commentanalyzer.googleapis.com"}}]}}
"""


@pytest.mark.parametrize("case", CASES, ids=[f"{case.group}: {case.name}" for case in CASES])
def test_a_case_of_the_checker(case, token, settings):
    settings.BASE_URL = "https://comments.example"
    key = token if case.key is None else case.key
    query = urlencode(dict(case.query) | ({"key": key} if key else {}))
    body = case.body if isinstance(case.body, bytes) else json.dumps(case.body, ensure_ascii=False)
    answer = Client().generic(case.method, f"/{case.path}?{query}", body, content_type=case.content_type)
    found = Answer(answer.status_code, answer.headers, answer.content.decode())

    assert case.expected.differences(found, "https://comments.example/") == []


def test_no_two_cases_share_a_name():
    names = [(case.group, case.name) for case in CASES]

    assert len(set(names)) == len(names)


@pytest.mark.parametrize("case", DOCUMENTED.values(), ids=DOCUMENTED)
def test_an_error_body_word_for_word(call, request_of, case):
    changes, message, kind, inner = case
    answer = call(request_of(**changes))

    assert answer.status_code == 400
    assert answer.json() == json.loads(ENVELOPE.format(message, kind, inner))
    assert answer["Content-Type"] == "application/json; charset=UTF-8"


@pytest.mark.parametrize("name", ["analyze", "suggestscore", "batchAnalyze"])
def test_a_wrong_key_word_for_word(db, send, request_of, name):
    answer = send(request_of(), name=name, query={"key": "AIzaSomebodysOldKey"})

    assert answer.status_code == 400
    assert answer.json() == json.loads(INVALID_KEY)


@pytest.mark.parametrize(
    ("size", "filler", "status"),
    [
        (20_480, "x", 200),
        (20_481, "x", 400),
        (20_480, "é", 200),
        (20_482, "é", 400),
        (20_480, "😀", 200),
        (20_484, "😀", 400),
    ],
)
def test_the_limit_counts_bytes(call, request_of, size, filler, status):
    text = filler * (size // len(filler.encode()))

    assert len(text.encode()) == size
    assert call(request_of(text)).status_code == status


@pytest.mark.parametrize("form", ["entries", "article", "parentComment"])
@pytest.mark.parametrize(("size", "status"), [(1_000_000, 200), (1_000_001, 400)])
def test_the_limit_of_a_context(call, request_of, form, size, status):
    entry = {"text": "x" * size}
    context = {"entries": [entry]} if form == "entries" else {"articleAndParentComment": {form: entry}}

    assert call(request_of(context=context)).status_code == status


def test_an_empty_list_of_entries_beside_the_other_form(call, request_of):
    both = {"entries": [], "articleAndParentComment": {"article": {"text": "The bridge is closed."}}}

    assert call(request_of(context=both)).status_code == 200


@pytest.mark.parametrize("text", ["\u200b", "\u00ad\u2060", "\x00"])
def test_a_comment_without_a_visible_character(call, request_of, message_of, text):
    assert message_of(call(request_of(text))) == "Comment must be non-empty."
