"""Charts are SVG that can be parsed, with every name readable as text, in the colours of the theme."""

from xml.etree import ElementTree as ET

import pytest

from belowline.lab.audit import Aucs, Functionality, Identity, Share
from belowline.lab.charts import as_file, auc_chart, functionality_chart, percent, rate_chart, reliability_chart
from belowline.lab.metrics import Bin, wilson

SVG = "{http://www.w3.org/2000/svg}"


def share(hits, cases):
    return Share(cases=cases, hits=hits, share=wilson(hits, cases))


def texts(drawn):
    return ["".join(node.itertext()).strip() for node in ET.fromstring(drawn).iter(f"{SVG}text")]  # noqa: S314 - our own


def identity(name, subgroup, bpsn, bnsp):
    aucs = Aucs(subgroup_auc=subgroup, bpsn_auc=bpsn, bnsp_auc=bnsp)
    return Identity(identity=name, rows=4, toxic=2, aucs=aucs, false_positives=None, false_negatives=None)


def bars(*names):
    return functionality_chart(
        [Functionality(functionality=name, expected="both", right=share(1, 4)) for name in names], "f"
    )


def test_bars_have_their_names_and_figures():
    assert {"alpha", "beta", percent(0.25)} <= set(texts(bars("alpha", "beta")))


@pytest.mark.parametrize("name", ["a < b & c", "$x_1$", "größer 🐷", "-- --"])
def test_any_name_can_be_drawn(name):
    assert name in texts(bars(name))


def test_a_long_name_is_cut():
    assert f"{'x' * 25}…" in texts(bars("x" * 60))


def test_a_long_chart_is_higher_and_has_its_scale_twice():
    short, long = bars("a", "b"), bars(*map(str, range(30)))
    height = [float(ET.fromstring(drawn).get("viewBox").split()[3]) for drawn in (short, long)]  # noqa: S314 - our own
    assert height[1] > 3 * height[0]
    assert (texts(short).count("0\N{NO-BREAK SPACE}%"), texts(long).count("0\N{NO-BREAK SPACE}%")) == (1, 2)


def test_the_highest_rate_comes_first():
    found = texts(rate_chart([("low", share(1, 9)), ("high", share(8, 9))], "r", overall=0.5))
    assert found.index("high") < found.index("low")


def test_the_worst_identity_comes_first():
    rows = [identity("fine", 0.9, 0.9, 0.9), identity("worst", 0.9, 0.4, 0.9), identity("unknown", None, None, None)]
    found = [name for name in texts(auc_chart(rows, "a")) if name.isalpha()]
    assert found == ["worst", "fine", "unknown"]


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_plot_for_each_label(count):
    bins = [Bin(0.0, 0.5, 3, 0.2, 0.3), Bin(0.5, 1.0, 1, 0.8, 0.6)]
    found = texts(reliability_chart([(f"label {number}", 0.125, bins) for number in range(count)], "r"))
    assert sum(name.startswith("label") for name in found) == count
    assert sum("ECE 0.125" in name for name in found) == count


def test_a_file_of_its_own_holds_its_theme():
    drawn = as_file(bars("alpha"))
    assert drawn.count("<style>") >= 1
    assert "prefers-color-scheme" in drawn
    assert texts(drawn)


def test_ids_do_not_clash_on_one_page():
    def ids(drawn):
        return {node.get("id") for node in ET.fromstring(drawn).iter() if node.get("id")}  # noqa: S314 - our own

    rows = [identity("one", 0.9, 0.8, 0.7)]
    assert ids(auc_chart(rows, "f1a"))
    assert not ids(auc_chart(rows, "f1a")) & ids(auc_chart(rows, "f2a"))


@pytest.mark.parametrize(("value", "expected"), [(0.0, "0.0"), (1.0, "100.0"), (0.1234, "12.3")])
def test_percent(value, expected):
    assert percent(value) == f"{expected}\N{NO-BREAK SPACE}%"
