"""The export as it is downloaded: for oneself alone."""

import io
import json
import zipfile

import pytest


def test_strangers_sign_in_first(stranger, site):
    assert stranger.get("/me/export/?format=json").status_code == 302


@pytest.mark.parametrize("query", ["", "?format=exe", "?format="])
def test_both_formats_are_offered(as_reader, site, query):
    page = as_reader.get(f"/me/export/{query}").content.decode()

    assert 'href="/me/export/?format=json"' in page
    assert 'href="/me/export/?format=csv"' in page
    assert 'href="/me/close/"' in page


def test_json(as_reader, reader, written):
    written("A remark of mine.")
    answer = as_reader.get("/me/export/?format=json")

    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"].startswith(f'attachment; filename="belowline-{reader.pk}-20')
    assert "no-store" in answer["Cache-Control"]
    assert answer.streaming
    document = json.loads(b"".join(answer.streaming_content))
    assert document["account"][0]["email"] == "marjorie@reader.example"
    assert [row["text"] for row in document["comments"]] == ["A remark of mine."]


def test_csv(as_reader, written):
    written("A remark of mine.")
    answer = as_reader.get("/me/export/?format=csv")

    assert answer["Content-Disposition"].endswith('.zip"')
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert "A remark of mine." in archive.read("comments.csv").decode()


def test_only_a_look(as_reader, site):
    answer = as_reader.head("/me/export/?format=json")

    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, b"")
    assert as_reader.post("/me/export/").status_code == 405
