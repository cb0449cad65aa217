"""What products are known to send, from their sources, byte for byte where that matters."""

import json

import pytest

pytestmark = pytest.mark.xdist_group("clients")
JSON = {"Content-Type": "application/json"}
PRODUCTION = ["TOXICITY", "SEVERE_TOXICITY", "IDENTITY_ATTACK", "INSULT", "PROFANITY", "THREAT"]
OSMOD = [
    *PRODUCTION,
    "SEXUALLY_EXPLICIT",
    "FLIRTATION",
    "ATTACK_ON_AUTHOR",
    "ATTACK_ON_COMMENTER",
    "INCOHERENT",
    "INFLAMMATORY",
    "LIKELY_TO_REJECT",
    "OBSCENE",
    "SPAM",
    "UNSUBSTANTIAL",
]
GOOGLES_CURL = """{comment: {text: "%s"},
          languages: ["en"],
          requestedAttributes: {TOXICITY:{}} }"""
COMMENTO = '{comment: {text: "%s"},\n       languages: ["%s"],\n       requestedAttributes: {TOXICITY:{}} }'


def score_of(answer, attribute="TOXICITY"):
    assert answer.status == 200, answer.body
    return answer.body["attributeScores"][attribute]["summaryScore"]["value"]


class TestGooglesSamples:
    """conversationai/perspectiveapi, 1-get-started/sample.md."""

    @pytest.mark.parametrize(
        "headers",
        [JSON, {}, {"Content-Type": "application/x-www-form-urlencoded"}],
        ids=["as written", "no type", "curl without -H"],
    )
    def test_curl(self, door, headers):
        answer = door.post(GOOGLES_CURL % "what kind of idiot name is foo?", headers=headers)

        assert score_of(answer) > 0.8
        assert answer.body["languages"] == ["en"]

    def test_python(self, door):
        body = {
            "comment": {"text": "what kind of idiot name is foo?"},
            "languages": ["en"],
            "requestedAttributes": {"TOXICITY": {}},
        }

        assert score_of(door.post(body)) == score_of(door.post(GOOGLES_CURL % body["comment"]["text"]))


class TestCoral:
    """coralproject/talk, services/perspective/perspective.ts."""

    HEADERS = JSON | {"User-Agent": "Coral Perspective/9.7.0"}
    TIMEOUT_SECONDS = 0.8

    def analyze(self, door, text, language="en"):
        body = {
            "comment": {"text": text},
            "doNotStore": True,
            "requestedAttributes": {"TOXICITY": {}},
            "languages": [language],
        }
        return door.post(body, headers=self.HEADERS, timeout=self.TIMEOUT_SECONDS)

    def test_it_gets_its_score_in_time(self, door, insult, kind):
        assert score_of(self.analyze(door, insult)) > 0.8
        assert score_of(self.analyze(door, kind)) < 0.3

    def test_its_other_languages_are_refused(self, door, kind):
        answer = self.analyze(door, kind, "de")

        assert answer.status == 400
        assert answer.body["error"]["details"][0]["errorType"] == "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"

    def test_its_feedback_is_kept_once_a_comment(self, door, kind):
        place = {"url": "https://gazette.example/tolls?commentID=7", "Coral_comment_id": "7"}
        for value in (0, 1):  # published, then rejected
            body = {
                "comment": {"text": kind},
                "context": {"entries": [{"text": json.dumps(place)}]},
                "attributeScores": {"TOXICITY": {"summaryScore": {"value": value}}},
                "languages": ["en"],
                "communityId": "Coral:https://comments.gazette.example",
                "clientToken": "comment:7",
            }
            answer = door.post(body, method="suggestscore", headers=self.HEADERS, timeout=self.TIMEOUT_SECONDS)
            assert (answer.status, answer.body["clientToken"]) == (200, "comment:7")

        kept = json.loads(door.belowline("keys", "history", "1", "--community", body["communityId"]))
        assert kept["scores"] == {"TOXICITY": {"summaryScore": {"value": 1}}}
        assert json.loads(kept["context"]["entries"][0]["text"]) == place


class TestDiscourse:
    """discourse/discourse-perspective-api, lib/discourse_perspective.rb."""

    def analyze(self, door, text, attribute):
        body = {
            "comment": {"text": text},
            "doNotStore": True,
            "sessionId": "https://forum.example_17",
            "requestedAttributes": {attribute: {"scoreType": "PROBABILITY"}},
        }
        return door.post(body, headers=JSON | {"Accept": "*/*", "User-Agent": "Discourse/3.4.0"}, timeout=3)

    @pytest.mark.parametrize("attribute", ["TOXICITY", "SEVERE_TOXICITY"])
    def test_its_two_models(self, door, insult, kind, attribute):
        rude, polite = (score_of(self.analyze(door, text, attribute), attribute) for text in (insult, kind))

        assert rude > polite

    def test_a_post_cut_at_the_limit(self, door, kind):
        text = (f"{kind} " * 1_000).encode()[:20_480].decode()
        answer = self.analyze(door, text, "TOXICITY")

        assert score_of(answer) < 0.5
        (span,) = answer.body["attributeScores"]["TOXICITY"]["spanScores"]
        assert (span["begin"], span["end"]) == (0, 20_480)


class TestCommento:
    """souramoo/commentoplusplus, api/perspective.go; what is no score counts as toxic there."""

    def test_its_body(self, door, insult, kind):
        rude, polite = (score_of(door.post(COMMENTO % (text, "en"), headers=JSON)) for text in (insult, kind))

        assert rude > 0.8
        assert polite < 0.3

    def test_the_language_in_its_source_is_german(self, door, kind):
        answer = door.post(COMMENTO % (kind, "de"), headers=JSON)

        assert answer.status == 400
        assert answer.body["error"]["message"] == "Attribute TOXICITY does not support request languages: de"

    def test_a_comment_of_two_paragraphs(self, door, kind):
        answer = door.post(COMMENTO % (f"{kind}\n\n{kind}", "en"), headers=JSON)

        assert score_of(answer) < 0.3
        (span,) = answer.body["attributeScores"]["TOXICITY"]["spanScores"]
        assert span["end"] == 2 * len(kind) + 2


class TestOsmod:
    """conversationai/conversationai-moderator, pipeline/apiShim.ts."""

    def analyze(self, door, text, attributes):
        body = {
            "comment": {"text": text},
            "context": {"entries": [{"text": "A bridge and its tolls. " * 20}, {"text": "Who pays the tolls?"}]},
            "requestedAttributes": {name: {} for name in attributes},
            "languages": ["en"],
            "clientToken": "OsmodAssistantV0_request42",
            "spanAnnotations": True,
        }
        return door.post(body, headers=JSON)

    def test_its_sixteen_attributes_fail_at_the_first_that_has_no_model(self, door, insult):
        answer = self.analyze(door, insult, OSMOD)

        assert (len(OSMOD), answer.status) == (16, 400)
        assert answer.body["error"]["message"] == "Unknown requested attribute: FLIRTATION"
        assert answer.body["error"]["details"][0]["errorType"] == "INVALID_REQUEST"

    def test_the_attributes_that_are_served(self, door, three_sentences):
        text, places = three_sentences
        asked = [*PRODUCTION, "SEXUALLY_EXPLICIT", "SPAM", "OFF_TOPIC", "TOXICITY@1"]

        answer = self.analyze(door, text, asked)

        assert list(answer.body["attributeScores"]) == asked
        assert answer.body["clientToken"] == "OsmodAssistantV0_request42"
        for scores in answer.body["attributeScores"].values():
            assert [(span["begin"], span["end"]) for span in scores["spanScores"]] == places
        assert score_of(answer) == score_of(answer, "TOXICITY@1")
        first, second, third = [
            span["score"]["value"] for span in answer.body["attributeScores"]["INSULT"]["spanScores"]
        ]
        assert second > 0.8
        assert max(first, third) < 0.4


def test_a_discord_bot_asks_for_everything_and_names_no_language(door, insult, kind):
    def analyze(text):
        names = [*PRODUCTION, *(f"{name}_EXPERIMENTAL" for name in PRODUCTION), "SEXUALLY_EXPLICIT"]
        body = {
            "comment": {"text": text},
            "doNotStore": True,
            "requestedAttributes": {name: {} for name in names},
        }
        return door.post(body, headers=JSON)

    rude, polite = analyze(insult), analyze(kind)

    assert len(rude.body["attributeScores"]) == 13
    assert all(score_of(rude, name) > score_of(polite, name) for name in ("TOXICITY", "INSULT", "PROFANITY"))
    assert score_of(rude, "INSULT") == score_of(rude, "INSULT_EXPERIMENTAL")
    assert rude.body["languages"] == ["en"]
