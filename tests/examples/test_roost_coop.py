"""docs/how-to/roost-coop.md: the signals, with a stand-in for Coop's loader."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

ABUSIVE = "You are a complete idiot, and everybody knows it."
CALM = "The bridge will be closed until May, the council says."
NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="needs Node 18 or newer")
FIELDS = {
    "id": "object",
    "displayName": "string",
    "description": "string",
    "docsUrl": "object",
    "recommendedThresholds": "object",
    "supportedLanguages": "object",
    "pricingStructure": "object",
    "eligibleInputs": "object",
    "outputType": "object",
    "getCost": "function",
    "run": "function",
    "getDisabledInfo": "function",
    "needsMatchingValues": "boolean",
    "eligibleSubcategories": "object",
    "needsActionPenalties": "boolean",
    "integration": "string",
    "allowedInAutomatedRules": "boolean",
}
"""Coop's PluginSignalDescriptor."""


@pytest.fixture
def run(examples):
    def call(text, signal="BELOWLINE_INSULT", **config):
        done = subprocess.run(
            [
                NODE,
                str(Path(__file__).with_name("coop.cjs")),
                examples / "roost-coop",
                json.dumps(config),
                signal,
                text,
            ],
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
        return json.loads(done.stdout)

    return call


@pytest.mark.parametrize(("text", "least", "most"), [(ABUSIVE, 0.9, 1), (CALM, 0, 0.5)], ids=["abusive", "calm"])
def test_a_signal_is_a_score(run, server, text, least, most):
    found = run(text, url=server.url + "/", apiKey=server.key)

    assert found["disabled"] == {"disabled": False}
    assert found["result"]["outputType"] == {"scalarType": "NUMBER"}
    assert least <= found["result"]["score"] <= most


def test_the_plugin_has_the_shape_that_coop_loads(run):
    found = run(CALM)

    assert found["id"] == "BELOWLINE"
    assert found["missing"] == []
    assert found["announced"] == found["created"]
    assert len(found["created"]) == 6
    assert found["fields"] == FIELDS


def test_without_an_address_it_is_disabled_and_gives_no_score(run):
    found = run(CALM)

    assert found["disabled"]["disabled"] is True
    assert "not configured" in found["error"]


def test_what_is_not_scored_is_an_error_and_no_low_score(run, server, silent, nobody):
    assert run(CALM, url=server.url, apiKey="wrong")["error"].startswith("Belowline: API key not valid")
    assert run("", url=server.url, apiKey=server.key)["error"] == "Belowline: Comment must be non-empty."
    assert run(CALM, url=nobody, apiKey="k")["error"] == "TypeError"
    assert run(CALM, url=silent, apiKey="k")["error"] == "TimeoutError"


def test_the_config_names_the_package(examples):
    (entry,) = json.loads((examples / "roost-coop/integrations.config.json").read_text("utf-8"))["integrations"]

    package = json.loads((examples / "roost-coop/package.json").read_text("utf-8"))
    assert entry["package"].rpartition("/")[2] == package["name"]
