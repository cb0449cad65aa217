"""Statements are sent once to each address, and each answer is written down before the next is asked for."""

import pytest
from tiny_database import TOKEN, TinyDatabase

from belowline.events.models import Event
from belowline.moderation.actions.send_statements import send_statements, unsent
from belowline.moderation.errors import StatementError
from belowline.moderation.statements.build import Builder
from belowline.moderation.statements.client import Client, Refused, Sent
from belowline.moderation.statements.restrictions import Restriction


@pytest.fixture
def database():
    made = TinyDatabase()
    yield made
    made.close()


@pytest.fixture
def statements(post, decide):
    """Three decisions with their records."""
    found = []
    for number in range(3):
        decision = decide(post(f"Wombat number {number} of the bridge.").comment, "reject", rule="banned_word")
        found.append((decision, Builder().build(Restriction(decision, (), None)).as_record()))
    return found


@pytest.fixture
def send(database):
    def call(statements, url=None):
        client = Client(url or database.url, TOKEN, sleep=[].append)
        return [result for answer in send_statements(statements=statements, client=client) for result in answer]

    return call


def let_through(database, records):
    return None


def written():
    return list(Event.objects.filter(tag="statement:sent").order_by("pk").values_list("subject_id", "data"))


def test_what_is_sent_is_written_down(send, database, statements, site):
    send(statements)

    assert written() == [
        (
            decision.pk,
            {"puid": record["puid"], "uuid": f"uuid-of-{record['puid']}", "to": database.url},
        )
        for decision, record in statements
    ]
    assert set(Event.objects.filter(tag="statement:sent").values_list("site_id", "actor_id")) == {(site.pk, None)}


def test_a_second_time_nothing_is_sent(send, database, statements):
    send(statements)

    assert send(statements) == []
    assert database.batches == [3]
    assert len(written()) == 3


def test_only_what_is_new_is_sent(send, database, statements):
    send(statements[:2])
    send(statements)

    assert database.batches == [2, 1]


def test_the_sandbox_and_the_database_are_two(send, statements):
    other = TinyDatabase()
    send(statements)
    send(statements, other.url)
    other.close()

    assert len(other.stored) == 3
    assert len(written()) == 6


def test_what_is_refused_is_tried_again_next_time(send, database, statements):
    database.checks = lambda record: ["no"] if record["puid"] == statements[1][1]["puid"] else []
    found = send(statements)
    assert [type(result) for result in found].count(Refused) == 1
    assert [subject for subject, _ in written()] == [statements[0][0].pk, statements[2][0].pk]
    database.checks = lambda _: []

    assert [type(result) for result in send(statements)] == [Sent]
    assert len(database.stored) == 3


def test_what_was_there_already_is_written_down_too(send, database, statements):
    database.stored[statements[0][1]["puid"]] = statements[0][1]
    send(statements)

    assert written()[0][1]["uuid"] is None
    assert send(statements) == []


def test_an_error_on_the_way_leaves_written_what_was_sent(send, database, statements, monkeypatch):
    from belowline.moderation.statements import client

    monkeypatch.setattr(client, "BATCH", 1)
    database.plan = [let_through, let_through, (401, {})]
    with pytest.raises(StatementError):
        send([(decision, record) for decision, record in statements])
    assert len(written()) == len(database.stored) == 2

    database.plan = []
    assert [result.puid for result in send(statements)] == [statements[2][1]["puid"]]


def test_many_are_looked_up_in_parts(send, statements, monkeypatch):
    from belowline.moderation.actions import send_statements as module

    monkeypatch.setattr(module, "LOOK_UP", 2)
    send(statements[1:])

    assert unsent(statements, "https://elsewhere.example") == statements
    assert [decision.pk for decision, _ in unsent(statements, written()[0][1]["to"])] == [statements[0][0].pk]


def test_no_text_is_in_the_log(send, statements):
    send(statements)

    assert "wombat" not in str(written()).lower()
