"""Reading bodies: lenient JSON, then proto3's JSON mapping; nothing sent is repeated in an error."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.compat.perspective.errors import ApiError
from belowline.compat.perspective.payload import read_json, read_message

REQUEST = "AnalyzeCommentRequest"
SUGGESTION = "SuggestCommentScoreRequest"
SECRET = "a secret remark"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", {}),
        (b" \r\n", {}),
        (b"{}", {}),
        (b'{"a": 1}', {"a": 1}),
        (b"{a: 1}", {"a": 1}),
        (b"{'a': 'b'}", {"a": "b"}),
        (b'{"a": [1, 2,],}', {"a": [1, 2]}),
        (b'/* sample */ {"a": 1} // end', {"a": 1}),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        ('{a: "é😀"}'.encode(), {"a": "é😀"}),
        (b'{"a": "\\ud83d\\ude00"}', {"a": "😀"}),
        (b'{"a": 1, "a": 2}', {"a": 2}),
        (b"{a: 1, a: 2}", {"a": 2}),
        (b"null", None),
        (b"[]", []),
    ],
    ids=[
        "nothing", "white space", "an object", "JSON", "unquoted", "single quotes", "trailing commas", "comments",
        "byte order mark", "UTF-8", "surrogate pair", "twice", "twice unquoted", "null", "list",
    ],
)  # fmt: skip
def test_bodies(body, expected):
    assert read_json(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"text=" + SECRET.encode(),
        SECRET.encode(),
        b"\xff\xfe{}",
        b'{"a": "\xff' + SECRET.encode() + b'"}',
        "{}".encode("utf-16"),
        b'{"a": 1} {"b": 2}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b"{a:" * 100_000 + b"1" + b"}" * 100_000,
        b'{"a": ' + b"9" * 5_000 + b"x}",
        b"\x00",
    ],
    ids=[
        "cut off", "a form", "words", "UTF-16 mark", "no UTF-8", "UTF-16", "two", "deep lists", "deep objects",
        "deep and closed", "deep and lenient", "long number", "null character",
    ],
)  # fmt: skip
def test_what_is_no_json(body):
    with pytest.raises(ApiError) as caught:
        read_json(body)

    assert caught.value.code == 400
    assert caught.value.details[0]["errorType"] == "INVALID_REQUEST"
    assert SECRET not in caught.value.message


@pytest.mark.parametrize(
    "value", [b"NaN", b"Infinity", b"-Infinity", b'"NaN"', b'"Infinity"', b"1e999", b'"1e999"', b"9" * 400]
)
def test_numbers_that_are_none(value):
    body = b"{requestedAttributes: {TOXICITY: {scoreThreshold: " + value + b"}}}"

    with pytest.raises(ApiError, match=r"Invalid value at 'requestedAttributes.scoreThreshold' \(TYPE_FLOAT\)|no JSON"):
        read_message(REQUEST, read_json(body))


@pytest.mark.parametrize("value", ["1_0", " 1", "\u0663", "0.5\n", "+.5"])
def test_texts_that_are_no_numbers_in_json(value):
    with pytest.raises(ApiError):
        read_message(REQUEST, {"requestedAttributes": {"TOXICITY": {"scoreThreshold": value}}})


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"requested_attributes": {"A_B": {}}}, {"requestedAttributes": {"A_B": {}}}),
        ({"do_not_store": True, "spanAnnotations": "false"}, {"doNotStore": True, "spanAnnotations": False}),
        ({"context": None, "languages": None, "comment": {"text": None}}, {"comment": {}}),
        ({"requestedAttributes": {"A": None}}, {"requestedAttributes": {"A": {}}}),
        ({"comment": {"type": 0}}, {"comment": {"type": "TEXT_TYPE_UNSPECIFIED"}}),
        ({"comment": {"type": 1}}, {"comment": {"type": "PLAIN_TEXT"}}),
        ({"comment": {"type": 2}}, {"comment": {"type": "HTML"}}),
        ({"requestedAttributes": {"A": {"scoreType": 4}}}, {"requestedAttributes": {"A": {"scoreType": "RAW"}}}),
        (
            {"requestedAttributes": {"A": {"score_threshold": "0.5"}}},
            {"requestedAttributes": {"A": {"scoreThreshold": 0.5}}},
        ),
        ({"languages": "en"}, {"languages": ["en"]}),
        ({"context": {"entries": {"text": "x"}}}, {"context": {"entries": [{"text": "x"}]}}),
        (
            {"context": {"article_and_parent_comment": {"parent_comment": {"text": "x"}}}},
            {"context": {"articleAndParentComment": {"parentComment": {"text": "x"}}}},
        ),
        ({"clientToken": ""}, {"clientToken": ""}),
        ({}, {}),
    ],
)
def test_proto3_names_and_values(data, expected):
    assert read_message(REQUEST, data) == expected


@pytest.mark.parametrize(("value", "expected"), [(3, 3), ("3", 3), (3.0, 3), ("3e0", 3), (-1, -1)])
def test_integers(value, expected):
    scores = {"attributeScores": {"A": {"spanScores": [{"begin": value}]}}}

    assert read_message(SUGGESTION, scores)["attributeScores"]["A"]["spanScores"] == [{"begin": expected}]


@pytest.mark.parametrize("value", [1.5, "x", True, 2**31, -(2**31) - 1, [], {}, "", 10**400])
def test_what_is_no_integer(value):
    with pytest.raises(ApiError, match=r"\(TYPE_(INT32|FLOAT)\)"):
        read_message(SUGGESTION, {"attributeScores": {"A": {"spanScores": [{"begin": value}]}}})


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"doNotStroe": SECRET}, 'Invalid JSON payload received. Unknown name "doNotStroe": Cannot find field.'),
        (
            {"comment": {"txet": SECRET}},
            "Invalid JSON payload received. Unknown name \"txet\" at 'comment': Cannot find field.",
        ),
        ({"comment": SECRET}, "Invalid value at 'comment' (TextEntry)"),
        ({"comment": {"text": [SECRET]}}, "Invalid value at 'comment.text' (TYPE_STRING)"),
        ({"comment": {"text": 7}}, "Invalid value at 'comment.text' (TYPE_STRING)"),
        ({"languages": [["en"]]}, "Invalid value at 'languages[0]' (TYPE_STRING)"),
        ({"languages": ["en", None]}, "Invalid value at 'languages[1]' (TYPE_STRING)"),
        ({"doNotStore": SECRET}, "Invalid value at 'doNotStore' (TYPE_BOOL)"),
        ({"doNotStore": 1}, "Invalid value at 'doNotStore' (TYPE_BOOL)"),
        ({"requestedAttributes": [SECRET]}, "Invalid value at 'requestedAttributes' (map)"),
        ({"requestedAttributes": {"TOXICITY": SECRET}}, "Invalid value at 'requestedAttributes' (AttributeParameters)"),
        ({"context": {"entries": [SECRET]}}, "Invalid value at 'context.entries[0]' (TextEntry)"),
        ([SECRET], "Invalid JSON payload received. The body is no JSON object."),
        (SECRET, "Invalid JSON payload received. The body is no JSON object."),
        (None, "Invalid JSON payload received. The body is no JSON object."),
    ],
)
def test_what_does_not_fit_is_named_by_its_place(data, message):
    with pytest.raises(ApiError) as caught:
        read_message(REQUEST, data)

    assert caught.value.message == message
    assert caught.value.body["error"]["details"][0]["errorType"] == "INVALID_REQUEST"


def test_an_unknown_name_is_shown_short_and_harmless():
    with pytest.raises(ApiError) as caught:
        read_message(REQUEST, {"<script>" + "x" * 1_000: 1})

    assert "<" not in caught.value.message
    assert len(caught.value.message) < 200


@pytest.mark.parametrize(
    "data",
    [
        {"comment": {"text": "a \ud800"}},
        {"clientToken": "\udfff"},
        {"languages": ["\ud83d"]},
        {"requestedAttributes": {"\ud800": {}}},
        {"\ud800": 1},
    ],
)
def test_half_a_surrogate_pair_is_refused(data):
    with pytest.raises(ApiError) as caught:
        read_message(REQUEST, data)

    json.dumps(caught.value.body, ensure_ascii=False).encode()


@pytest.mark.parametrize("escape", [b"\\ud800", b"\\udc00 x", b"\\ude00\\ud83d"])
@pytest.mark.parametrize("frame", [b'{"comment": {"text": "%s"}}', b"{comment: {text: '%s'}}"], ids=["JSON", "lenient"])
def test_half_a_surrogate_pair_on_the_wire(escape, frame):
    with pytest.raises(ApiError):
        read_message(REQUEST, read_json(frame % escape))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
ENTRY = st.fixed_dictionaries({}, optional={"text": st.none() | st.text(), "type": st.sampled_from([0, 1, 2, "HTML"])})
FIELDS = {
    "comment": ENTRY,
    "client_token": st.text(),
    "languages": st.text() | st.lists(st.text()),
    "requested_attributes": st.dictionaries(st.text(), st.none() | st.just({"score_threshold": "0.5"})),
    "context": st.none() | st.fixed_dictionaries({"entries": ENTRY | st.lists(ENTRY)}),
    "doNotStore": st.sampled_from([True, False, None, "true"]),
}


def refusal(read, *given_values):
    """The status of a refusal; None where nothing is refused."""
    try:
        read(*given_values)
    except ApiError as error:
        return error.code
    return None


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_or_refused(body):
    assert refusal(read_json, body) in {None, 400}


@given(JSON.filter(lambda value: value is not None))
def test_what_is_json_is_read_as_it_is(value):
    assert json.dumps(read_json(json.dumps(value).encode())) == json.dumps(value)


@given(JSON)
def test_any_value_is_a_message_or_refused(value):
    assert refusal(read_message, REQUEST, value) in {None, 400}


@given(st.fixed_dictionaries({}, optional=FIELDS))
def test_what_was_read_is_read_the_same_again(value):
    found = read_message(REQUEST, value)

    assert read_message(REQUEST, found) == found
