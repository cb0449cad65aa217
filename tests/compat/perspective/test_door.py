"""What happens to every call: keys, quota headers, the form of the answer, other pages; and nothing is kept or told."""

import json
import logging
import time

import pytest
from django.apps import apps
from django.test import Client

from belowline.compat.actions.issue_key import revoke_key
from belowline.compat.models import KeyDay, Suggestion
from belowline.compat.perspective import door, views
from belowline.compat.quota import use

MISSING = (
    "Method doesn't allow unregistered callers (callers without established identity). "
    "Please use API Key or other form of API consumer identity to call this API."
)
SECRET = "Quetzalcoatl eats marmalade beside the harbour bridge with friends."
OVER = """
{"error": {"code": 429,
  "message": "Quota exceeded for quota metric 'Analysis requests (AnalyzeComment)' and limit 'Analysis requests (AnalyzeComment) per minute' of service 'commentanalyzer.googleapis.com' for consumer 'project_number:%(n)d'.",
  "status": "RESOURCE_EXHAUSTED",
  "details": [
    {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "RATE_LIMIT_EXCEEDED",
     "domain": "googleapis.com",
     "metadata": {"quota_limit": "AnalyzeRequestsPerMinutePerProject", "quota_limit_value": "3",
                  "quota_metric": "CommentAnalyzerService/analyze_requests",
                  "quota_location": "global", "consumer": "projects/%(n)d",
                  "service": "commentanalyzer.googleapis.com"}},
    {"@type": "type.googleapis.com/google.rpc.Help",
     "links": [{"description": "Request a higher quota limit.",
                "url": "https://cloud.google.com/docs/quota#requesting_higher_quota"}]}]}}
"""  # noqa: E501 - word for word


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands 15 seconds after the beginning of a minute, until it is moved."""
    now = [time.time() // 60 * 60 + 15.0]
    monkeypatch.setattr("belowline.compat.quota.time.time", lambda: now[0])
    return now


# --- keys


@pytest.mark.parametrize(
    "way",
    [
        {"query": {"key": "{}"}},
        {"query": {"access_token": "{}"}},
        {"query": {"oauth_token": "{}"}},
        {"headers": {"X-Goog-Api-Key": "{}"}},
        {"headers": {"Authorization": "Bearer {}"}},
        {"headers": {"Authorization": "bearer  {} "}},
    ],
    ids=["key", "access_token", "oauth_token", "header", "bearer", "bearer spelt otherwise"],
)
def test_ways_to_name_a_key(send, request_of, token, way):
    filled = {part: {name: text.format(token) for name, text in values.items()} for part, values in way.items()}

    assert send(request_of(), **filled).status_code == 200


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer "}, {"X-Goog-Api-Key": ""}]
)
def test_no_key(db, send, request_of, message_of, headers):
    answer = send(request_of(), headers=headers)

    assert message_of(answer, 403) == MISSING
    assert answer.json()["error"]["status"] == "PERMISSION_DENIED"


@pytest.mark.parametrize("key", ["x", "bl_", "bl_" + "x" * 5_000, "\x00", "é", "' OR 1=1 --"])
def test_wrong_keys(db, send, request_of, message_of, key):
    assert message_of(send(request_of(), query={"key": key})) == "API key not valid. Please pass a valid API key."


def test_neither_the_digest_nor_what_is_shown_of_a_key_is_one(send, issue, request_of):
    row, token = issue()

    for text in (row.digest, row.shown, token[:-1], token + "x", token.lower()):
        assert send(request_of(), query={"key": text}).status_code == 400


def test_a_revoked_key_is_refused_within_five_seconds(send, issue, request_of, monkeypatch):
    row, token = issue()
    start, later = time.monotonic(), [0.0]
    monkeypatch.setattr("belowline.compat.perspective.door.time.monotonic", lambda: start + later[0])
    assert send(request_of(), query={"key": token}).status_code == 200
    revoke_key(key=row)
    later[0] = 5.01

    assert send(request_of(), query={"key": token}).json()["error"]["details"][0]["reason"] == "API_KEY_INVALID"


def test_a_key_is_looked_up_once(call, request_of, django_assert_num_queries):
    call(request_of())
    with django_assert_num_queries(0):
        assert call(request_of()).status_code == 200


@pytest.mark.parametrize("query", [{}, {"key": "AIzaAnything"}])
def test_keys_are_asked_for_only_where_that_is_set(open_door, db, send, request_of, query):
    answer = send(request_of(), query=query)

    assert answer.status_code == 200
    assert "RateLimit" not in answer


def test_a_wrong_key_is_noticed_before_the_request(db, send):
    assert send(b"{", query={"key": "x"}).json()["error"]["details"][0]["reason"] == "API_KEY_INVALID"


def test_many_wrong_keys_fill_no_memory(db, monkeypatch):
    monkeypatch.setattr(door, "MOST_KEYS_KNOWN", 10)
    for number in range(25):
        door.find_key(f"wrong-{number}")

    assert len(door._known) <= 10


# --- quota


def test_over_the_quota_word_for_word(send, issue, request_of, clock):
    row, token = issue(quota_per_minute=3)
    answers = [send(request_of(), query={"key": token}) for _ in range(5)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert answers[3].json() == json.loads(OVER % {"n": row.pk})
    assert [answer["RateLimit"] for answer in answers] == [f'"minute";r={left};t=45' for left in (2, 1, 0, 0, 0)]
    assert {answer["RateLimit-Policy"] for answer in answers} == {'"minute";q=3;w=60'}
    assert [answer.get("Retry-After") for answer in answers] == [None, None, None, "45", "45"]


def test_the_next_minute_begins_anew(send, issue, request_of, clock):
    token = issue(quota_per_minute=1)[1]
    found = []
    for seconds in (0, 44, 1, 0):
        clock[0] += seconds
        found.append(send(request_of(), query={"key": token}).status_code)

    assert found == [200, 429, 200, 429]


def test_keys_have_quotas_of_their_own(send, issue, request_of, clock):
    first, second = issue(quota_per_minute=1)[1], issue(quota_per_minute=1)[1]

    assert [send(request_of(), query={"key": key}).status_code for key in (first, second, first)] == [200, 200, 429]


def test_a_batch_takes_each_of_its_comments(send, issue, request_of, clock):
    token = issue(quota_per_minute=5)[1]
    found = [
        send({"requests": [request_of()] * size}, name="batchAnalyze", query={"key": token}).status_code
        for size in (3, 3, 1)
    ]

    assert found == [200, 429, 200]


def test_many_attributes_count_once(send, issue, request_of, clock):
    token = issue(quota_per_minute=10)[1]
    answer = send(request_of("Hello.", "TOXICITY", "INSULT", "THREAT"), query={"key": token})

    assert answer["RateLimit"].startswith('"minute";r=9;')


def test_use_is_counted(send, issue, request_of, clock):
    row, token = issue(quota_per_minute=8)
    for name, body in (
        ("analyze", request_of()),
        ("analyze", request_of("")),
        ("batchAnalyze", {"requests": [request_of(), request_of("")]}),
        ("suggestscore", {"comment": {"text": "x"}, "attributeScores": {"THREAT": {"summaryScore": {"value": 1}}}}),
        ("batchAnalyze", {"requests": [request_of()] * 9}),
    ):
        send(body, name=name, query={"key": token})
    use.write()

    found = KeyDay.objects.get(key=row)
    assert (found.calls, found.comments, found.errors, found.refused) == (5, 4, 1, 1)


# --- the form of the answer


@pytest.mark.parametrize("value", ["media", "proto", "xml", "JSON"])
def test_other_forms_are_not_served(call, request_of, message_of, value):
    assert "alt=json" in message_of(call(request_of(), query={"alt": value}))


@pytest.mark.parametrize(
    ("value", "lines"), [("true", True), ("", True), ("1", True), ("false", False), ("0", False), ("False", False)]
)
def test_indented_unless_told_otherwise(call, request_of, value, lines):
    assert (b"\n" in call(request_of(), query={"prettyPrint": value}).content) is lines


@pytest.mark.parametrize(("length", "status"), [(40, 200), (41, 400)])
def test_quota_user(call, request_of, length, status):
    assert call(request_of(), query={"quotaUser": "x" * length}).status_code == status


@pytest.mark.parametrize("name", ["show", "window.page.show", "$", "_1"])
def test_jsonp(call, request_of, name):
    answer = call(request_of(), query={"callback": name, "prettyPrint": "false"})
    start = f"// API callback\n{name}("

    assert answer["Content-Type"] == "text/javascript; charset=UTF-8"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.content.decode().startswith(start)
    assert "attributeScores" in json.loads(answer.content.decode().removeprefix(start).removesuffix(");"))


@pytest.mark.parametrize("name", ["alert(1)//", "a b", "<script>", "1a", "a;b", "a\n", "é", "a." * 6 + "a", '"'])
def test_a_callback_that_is_no_name(call, request_of, message_of, name):
    answer = call(request_of(), query={"callback": name})

    assert "callback" in message_of(answer)
    assert answer["Content-Type"].startswith("application/json")


@pytest.mark.parametrize("body", [b"", b"{", b"x" * 9_000_000], ids=["empty", "cut off", "too big"])
@pytest.mark.parametrize("name", ["analyze", "suggestscore"])
def test_every_error_has_details(call, message_of, name, body):
    assert message_of(call(body, name=name))


@pytest.mark.parametrize(
    "kind",
    ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml"],
)
def test_the_content_type_says_nothing(call, request_of, kind):
    assert call(request_of(), content_type=kind).status_code == 200


def test_what_should_not_happen_is_an_envelope_too(call, request_of, message_of, monkeypatch, caplog):
    def fail(body, asked):
        raise RuntimeError(SECRET)

    monkeypatch.setitem(views.METHODS, "analyze", fail)
    answer = call(request_of(SECRET))

    assert message_of(answer, 500) == "Internal error encountered."
    assert "RuntimeError" in caplog.text
    assert SECRET not in caplog.text + answer.content.decode()


def test_without_keys_no_database_is_needed(open_door, send, request_of):
    """Nor may a database that does not answer turn the answer into a page of HTML."""
    assert send(request_of()).status_code == 200


def test_a_refusal_is_no_warning(call, request_of, caplog):
    call(request_of(""))

    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


# --- methods and other pages


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "TRACE", "QUERY"])
def test_other_methods(call, method):
    answer = call(method=method)

    assert (answer.status_code, answer["Allow"]) == (405, "POST, OPTIONS")


def test_a_method_that_is_none(call, message_of):
    assert message_of(call(name="praise"), 404) == "Method not found."


@pytest.mark.parametrize("name", ["analyze", "suggestscore", "batchAnalyze"])
def test_pages_of_others_may_call(db, send, name):
    answer = send(method="OPTIONS", name=name, headers={"Origin": "https://a.example"})

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Access-Control-Allow-Methods"] == "POST"
    # The star means every header but Authorization, which has to be named.
    assert answer["Access-Control-Allow-Headers"] == "*, Authorization"


@pytest.mark.parametrize("text", ["Hello.", ""])
def test_pages_of_others_may_read(call, request_of, text):
    answer = call(request_of(text), headers={"Origin": "https://a.example"})

    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    assert "RateLimit" in answer["Access-Control-Expose-Headers"]


def test_no_cookie_and_no_csrf_token_is_needed(token, request_of):
    client = Client(enforce_csrf_checks=True)
    answer = client.post(f"/v1alpha1/comments:analyze?key={token}", request_of(), content_type="application/json")

    assert answer.status_code == 200
    assert not answer.cookies


# --- nothing is kept, nothing is told


def rows():
    """How many rows each table has."""
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


@pytest.mark.parametrize("name", ["analyze", "batchAnalyze"])
@pytest.mark.parametrize("store", [True, False, None])
def test_nothing_that_is_analysed_is_stored_or_logged(call, request_of, caplog, name, store):
    caplog.set_level(logging.DEBUG)
    before = rows()
    context = {"entries": [{"text": f"{SECRET} An article."}, {"text": SECRET}]}
    right = request_of(SECRET, "TOXICITY", "OFF_TOPIC", doNotStore=store, context=context, clientToken=SECRET)
    wrong = right | {"languages": ["om"]}
    for body in (right, wrong):
        call({"requests": [body]} if name == "batchAnalyze" else body, name=name)
    use.write()

    assert {label for label, count in rows().items() if count != before[label]} == {"compat.KeyDay"}
    assert not Suggestion.objects.exists()
    told = caplog.text + "".join(
        str(vars(record)) for record in caplog.records if not record.name.startswith("django.db")
    )
    assert "Quetzalcoatl" not in told
    assert "marmalade" not in told


def test_a_body_that_is_no_json_is_not_logged(call, caplog):
    caplog.set_level(logging.DEBUG)
    call(SECRET.encode())

    assert "Quetzalcoatl" not in caplog.text


def test_the_key_is_not_logged(call, token, request_of, caplog):
    caplog.set_level(logging.INFO)
    call(request_of(""))
    call(method="GET")

    assert token not in caplog.text
