"""The client against a small database on this machine: batches, refusals, numbers that are there, patience."""

import pytest
from tiny_database import TOKEN

from belowline.moderation.errors import StatementError
from belowline.moderation.statements.client import TRIES, Client, Refused, Sent, clean_url

RECORD = {
    "decision_visibility": ["DECISION_VISIBILITY_CONTENT_REMOVED"],
    "decision_facts": "A reader's comment under an article.",
    "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
    "incompatible_content_ground": "The rule “Personal abuse”",
    "incompatible_content_explanation": "No insults.",
    "category": "STATEMENT_CATEGORY_CYBER_VIOLENCE",
    "content_type": ["CONTENT_TYPE_TEXT"],
    "content_date": "2026-03-01",
    "application_date": "2026-03-02",
    "source_type": "SOURCE_VOLUNTARY",
    "automated_detection": "No",
    "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
}


def records(count, **changes):
    return [RECORD | {"puid": f"p-{number}"} | changes for number in range(count)]


@pytest.fixture
def waits():
    """What the client waited, in seconds."""
    return []


@pytest.fixture
def send(database, waits):
    def call(rows, token=TOKEN):
        client = Client(database.url, token, sleep=lambda seconds: waits.append(round(seconds, 1)))
        return [result for answer in client.send(rows) for result in answer]

    return call


@pytest.mark.parametrize(
    ("count", "batches"), [(0, []), (1, [1]), (100, [100]), (101, [100, 1]), (250, [100, 100, 50])]
)
def test_batches_of_at_most_a_hundred(send, database, count, batches):
    assert send(records(count)) == [Sent(f"p-{number}", f"uuid-of-p-{number}") for number in range(count)]
    assert database.batches == batches
    assert list(database.stored.values()) == records(count)


def test_never_more_than_two_hundred_a_second(send, waits):
    send(records(200))

    assert waits == pytest.approx([0.5, 0.5], abs=0.4)
    assert all(0 <= wait <= 0.5 for wait in waits)


def test_what_is_refused_is_named_and_the_rest_is_sent(send, database):
    rows = records(5)
    rows[1] = rows[1] | {"decision_facts": ""}
    rows[3] = rows[3] | {"category": "STATEMENT_CATEGORY_NONE"}
    found = {result.puid: result for result in send(rows)}

    assert set(database.stored) == {"p-0", "p-2", "p-4"}
    assert isinstance(found["p-1"], Refused)
    assert "there is no STATEMENT_CATEGORY_NONE" in found["p-3"].problems[0]
    assert database.batches == [5, 3]


def test_numbers_that_are_there_count_as_sent(send, database):
    send(records(2))
    found = send(records(4))

    assert found[:2] == [Sent("p-0", is_new=False), Sent("p-1", is_new=False)]
    assert found[2:] == [Sent("p-2", "uuid-of-p-2"), Sent("p-3", "uuid-of-p-3")]


def test_a_number_that_is_said_to_be_there_and_is_not(send, database):
    database.locked = {"p-1"}
    found = {result.puid: result for result in send(records(3))}

    assert found["p-1"] == Refused("p-1", ["the database is busy with this statement; send again later"])
    assert set(database.stored) == {"p-0", "p-2"}


def test_an_answer_that_was_lost_is_found_again(send, database):
    """It was stored, and the answer did not arrive: the second try finds the numbers there."""

    def store_and_fail(tiny, rows):
        tiny.take(rows)
        return 502, {}

    database.plan = [store_and_fail]

    assert send(records(2)) == [Sent("p-0", is_new=False), Sent("p-1", is_new=False)]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_patience(send, database, waits, status):
    database.plan = [(status, {}), (status, {})]

    assert len(send(records(1))) == 1
    assert waits[:2] == [1.0, 2.0]
    assert database.batches == [1, 1, 1]


@pytest.mark.parametrize(("header", "wait"), [("7", 7.0), ("0", 1.0), ("9999", 60.0), ("tomorrow", 1.0)])
def test_it_waits_as_long_as_it_is_asked_to(send, database, waits, header, wait):
    database.plan = [(429, {}, {"Retry-After": header})]
    send(records(1))

    assert waits[0] == wait


def test_patience_ends(send, database):
    database.plan = [(503, {})] * TRIES
    with pytest.raises(StatementError, match="status 503") as caught:
        send(records(1))

    assert caught.value.code == "database_unreachable"
    assert database.batches == [1] * TRIES


def test_nobody_answers(database, waits):
    database.close()
    client = Client(database.url, TOKEN, sleep=waits.append)
    with pytest.raises(StatementError) as caught:
        list(client.send(records(1)))

    assert caught.value.code == "database_unreachable"
    assert waits == [1.0, 2.0, 4.0, 8.0]


def test_a_wrong_token_is_not_tried_again(send, database):
    with pytest.raises(StatementError, match="make a new one") as caught:
        send(records(150), token="another")

    assert caught.value.code == "token_refused"
    assert database.batches == [100]


@pytest.mark.parametrize(
    "answer",
    [
        (200, {}),
        (404, {"message": "no such page"}),
        (302, {}),
        (422, {"message": "The statements field is required."}),
        (422, {"errors": {"statement_9": {"puid": ["x"]}}}),
        (422, {"errors": ["x"]}),
        (422, {"errors": {"existing_puids": ["of somebody else"]}}),
    ],
    ids=["200", "404", "302", "no errors", "a statement that was not sent", "a list", "numbers of others"],
)
def test_an_answer_that_is_not_described_stops_everything(send, database, answer):
    database.plan = [answer]
    with pytest.raises(StatementError) as caught:
        send(records(1))

    assert caught.value.code == "database_refused"
    assert database.batches == [1]


def test_the_token_goes_nowhere_by_a_redirection(send, database):
    database.plan = [(307, {}, {"Location": "http://127.0.0.1:9/elsewhere"})]
    with pytest.raises(StatementError, match="status 307"):
        send(records(1))


def test_a_created_answer_without_numbers(send, database):
    database.plan = [(201, {"statements": None})]

    assert send(records(2)) == [Sent("p-0"), Sent("p-1")]


@pytest.mark.parametrize(
    "url",
    [
        "https://transparency.dsa.ec.europa.eu/api/v1",
        "https://transparency.dsa.ec.europa.eu/api/v1/",
        "http://localhost:8000/api/v1",
        "http://127.0.0.1/api/v1",
        "http://[::1]/api/v1",
    ],
)
def test_addresses(url):
    assert clean_url(url) == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    ["", "x", "http://transparency.dsa.ec.europa.eu/api/v1", "ftp://x.example", "https://", "http://[", "localhost"],
)
def test_other_addresses_would_show_the_token(url):
    with pytest.raises(StatementError, match="https://") as caught:
        clean_url(url)

    assert caught.value.code == "invalid_address"
