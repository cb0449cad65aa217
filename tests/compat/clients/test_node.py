"""googleapis and perspective-api-client for Node, unchanged but for the host."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "node"
NODE = shutil.which("node")

INSTALLED = FOLDER / "node_modules" / ".package-lock.json"
pytestmark = [
    pytest.mark.xdist_group("clients"),
    pytest.mark.skipif(NODE is None, reason="Node is not installed (18 or newer is needed)"),
    pytest.mark.skipif(not INSTALLED.is_file(), reason="no Node clients: run scripts/ensure_node_clients.sh"),
]


@pytest.fixture
def node(door):
    """Run a script with a list of calls; returns its answers."""

    def run(script, calls):
        done = subprocess.run(
            [NODE, FOLDER / script, door.url, door.key],
            input=json.dumps(calls),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def score_of(answer, attribute="TOXICITY"):
    return answer["data"]["attributeScores"][attribute]["summaryScore"]["value"]


def analyze(text, **more):
    return {
        "method": "analyze",
        "resource": {"comment": {"text": text}, "requestedAttributes": {"TOXICITY": {}}} | more,
    }


def test_googleapis(node, door, insult, kind, three_sentences):
    text, places = three_sentences
    suggestion = {
        "comment": {"text": kind},
        "attributeScores": {"TOXICITY": {"summaryScore": {"value": 0}}},
        "clientToken": "comment-9",
        "communityId": "googleapis",
    }
    rude, polite, spans, suggested = node(
        "googleapis.cjs",
        [
            analyze(insult),
            analyze(kind),
            analyze(text, spanAnnotations=True, languages=["en"], clientToken="comment-8", doNotStore=True),
            {"method": "suggestscore", "resource": suggestion},
        ],
    )

    assert score_of(rude) > 0.8
    assert score_of(polite) < 0.3
    assert (rude["status"], rude["data"]["languages"]) == (200, ["en"])
    found = spans["data"]["attributeScores"]["TOXICITY"]["spanScores"]
    assert [(span["begin"], span["end"]) for span in found] == places
    assert found[1]["score"]["value"] > 0.8
    assert max(found[0]["score"]["value"], found[2]["score"]["value"]) < 0.5
    assert spans["data"]["clientToken"] == "comment-8"
    assert suggested["data"]["clientToken"] == "comment-9"
    kept = json.loads(door.belowline("keys", "history", "1", "--community", "googleapis"))
    assert (kept["text"], kept["scores"]) == (kind, suggestion["attributeScores"])


def test_errors_in_googleapis(node, kind):
    calls = [analyze(""), analyze(kind, languages=["fr"]), analyze(kind) | {"key": "AIza-wrong"}]
    empty, french, unknown = node("googleapis.cjs", calls)

    assert (empty["status"], empty["message"]) == (400, "Comment must be non-empty.")
    assert empty["error"]["details"][0]["errorType"] == "COMMENT_EMPTY"
    assert french["message"] == "Attribute TOXICITY does not support request languages: fr"
    assert unknown["message"] == "API key not valid. Please pass a valid API key."
    assert unknown["error"]["details"][0]["reason"] == "API_KEY_INVALID"


def test_perspective_api_client(node, insult, kind):
    attributes = {"attributes": ["toxicity", "insult"], "truncate": True}
    marked_up = {"comment": {"text": f"<b>{insult}</b>"}, "clientToken": "comment-5", "languages": ["en"]}
    rude, polite, plain = node(
        "perspective-api-client.cjs", [[insult, attributes], [kind, attributes], [marked_up, {"doNotStore": False}]]
    )

    for attribute in ("TOXICITY", "INSULT"):
        assert score_of(rude, attribute) > 0.8
        assert score_of(polite, attribute) < 0.3
    (span,) = plain["data"]["attributeScores"]["TOXICITY"]["spanScores"]
    assert (span["begin"], span["end"]) == (0, len(insult))
    assert score_of(plain) == score_of(rude)
    assert plain["data"]["clientToken"] == "comment-5"


def test_errors_in_perspective_api_client(node, kind):
    unknown, french = node(
        "perspective-api-client.cjs",
        [
            [kind, {"attributes": ["wit"]}],
            [{"comment": {"text": kind}, "languages": ["fr"]}, {}],
        ],
    )

    assert (unknown["name"], unknown["message"]) == ("ResponseError", "Unknown requested attribute: WIT")
    assert french["message"] == "Attribute TOXICITY does not support request languages: fr"
    assert french["error"]["status"] == "INVALID_ARGUMENT"
