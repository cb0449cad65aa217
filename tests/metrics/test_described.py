"""The board, the alerts and the reference name only series that exist, and the reference names all of them."""

import json
import re
from pathlib import Path

import pytest
import yaml

from belowline.metrics import series
from belowline.metrics.database import DatabaseCollector

ROOT = Path(__file__).parents[2]
NAME = re.compile(r"\bbelowline_[a-z_]+\b")


@pytest.fixture
def names(db):
    """{name in queries: its labels} of every series."""
    found = {}
    for metric in series.REGISTRY._collector_to_names:
        endings = ("_total",) if metric._type == "counter" else ("_bucket", "_sum", "_count")
        for ending in endings:
            found[metric._name + ending] = {*metric._labelnames} | ({"le"} if ending == "_bucket" else set())
    for family in DatabaseCollector().collect():
        found[family.name] = {*(family.samples[0].labels if family.samples else ())}
    return found


def queries():
    board = json.loads((ROOT / "deploy/grafana/belowline.json").read_text("utf-8"))
    for panel in board["panels"]:
        for target in panel["targets"]:
            yield f"board: {panel['title']}", target["expr"]
    rules = yaml.safe_load((ROOT / "deploy/prometheus/belowline.rules.yml").read_text("utf-8"))
    for rule in rules["groups"][0]["rules"]:
        yield f"alert: {rule['alert']}", rule["expr"]


def test_queries_name_only_what_exists(names):
    found = {(place, name) for place, query in queries() for name in NAME.findall(query)}

    assert len(found) > 20
    assert {(place, name) for place, name in found if name not in names} == set()


def test_queries_name_only_labels_that_exist(names):
    """By each series in braces, and of all in one query what it is summed by."""
    wrong = []
    for place, query in queries():
        for name, inside in re.findall(r"(belowline_[a-z_]+)\{([^}]*)\}", query):
            known = names[name] | {"job"}
            wrong += [(place, name, label) for label in re.findall(r"(\w+)=", inside) if label not in known]
        known = set().union({"job"}, *(names[name] for name in NAME.findall(query)))
        for listed in re.findall(r"by \(([^)]*)\)", query):
            wrong += [(place, label) for label in listed.split(", ") if label not in known]

    assert wrong == []


def test_every_series_is_on_the_board(names):
    shown = " ".join(query for place, query in queries() if place.startswith("board"))
    families = {name for name in names if not name.endswith(("_sum", "_count"))}

    assert {name for name in families if not re.search(rf"\b{name}\b", shown)} == set()


def test_the_reference_describes_every_series_with_its_labels(names):
    text = (ROOT / "docs/reference/metrics.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(belowline_\w+)` \| [a-z]+ \| ([^|]*) \|", text, re.MULTILINE))
    described = {name: set(re.findall(r"`(\w+)`", labels)) for name, labels in rows.items()}
    expected = {
        name.removesuffix("_bucket"): labels - {"le"}
        for name, labels in names.items()
        if not name.endswith(("_sum", "_count"))
    }

    assert described == expected


def test_the_board_is_one_that_grafana_reads():
    board = json.loads((ROOT / "deploy/grafana/belowline.json").read_text("utf-8"))

    assert {"title", "uid", "schemaVersion", "panels", "templating"} <= set(board)
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    places = {(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in board["panels"]}
    assert len(places) == len(board["panels"]), "no panel lies on another"
    assert all(panel["description"] and panel["targets"] for panel in board["panels"])
