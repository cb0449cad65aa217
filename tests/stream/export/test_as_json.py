"""The JSON export: one document that any program reads, with all that somebody did here."""

import json
from datetime import UTC, datetime

import pytest

from belowline.stream.export.as_json import SCHEMA, json_pieces
from belowline.stream.export.sections import SECTIONS

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def exported(reader):
    return lambda: json.loads(b"".join(json_pieces(reader, NOW)))


def test_every_section_is_there_in_its_order(exported):
    document = exported()

    assert list(document) == ["schema", "made_at", *(section.name for section in SECTIONS)]
    assert (document["schema"], document["made_at"]) == (SCHEMA, "2026-03-01T12:00:00Z")


def test_what_was_written_decided_and_contested(exported, appeal, rejected, settle):
    settle(appeal)
    document = exported()

    [comment] = document["comments"]
    assert (comment["id"], comment["text"], comment["status"]) == (rejected.pk, rejected.text_source, "published")
    assert (comment["site"], comment["story_title"]) == ("gazette", "Harbour bridge closed for repairs")
    assert [row["text"] for row in document["revisions"]] == [rejected.text_source]
    assert [row["outcome"] for row in document["decisions"]] == ["hold", "reject", "publish"]
    assert document["decisions"][1]["note_to_author"] == "Leave the animal out."
    assert document["decisions"][1]["reasons"][0]["rule"] == "banned_word"
    assert document["appeals"][0]["text"] == "A wombat is an animal."
    assert {row["kind"] for row in document["notifications"]} == {"rejected", "appeal"}
    assert "Gazette Desk" not in json.dumps(document)


def test_quotes_and_other_letters_survive(exported, written):
    text = 'She said "橋" \\ </script>\n\u2028 ' + "\U0001f682"
    written(text)

    assert exported()["comments"][0]["text"] == text


def test_rows_come_one_by_one(reader, written):
    for number in range(3):
        written(f"Remark {number}.")

    assert max(map(len, json_pieces(reader, NOW))) < 1_000
