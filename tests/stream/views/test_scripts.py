"""The scripts that a paper's pages load."""

import gzip

import pytest


@pytest.mark.parametrize("name", ["embed.js", "counts.js"])
def test_a_script_for_any_page(stranger, db, name):
    answer = stranger.get(f"/{name}", headers={"accept-encoding": "gzip"})

    assert answer["Content-Type"] == "text/javascript"
    assert answer["Access-Control-Allow-Origin"] == "*"  # modules are asked for so
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "max-age=3600" in answer["Cache-Control"]
    assert answer["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.content) == stranger.get(f"/{name}").content
    assert len(answer.content) <= 3_200  # 3,000, and the padding against guessing by length


def test_who_has_it_is_told_so(stranger, db):
    tag = stranger.get("/embed.js")["ETag"]

    assert stranger.get("/embed.js", headers={"if-none-match": tag}).status_code == 304
    assert stranger.post("/embed.js").status_code == 405
