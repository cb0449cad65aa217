"""The page of an audit needs nothing else, holds every figure, and runs nothing."""

import re

import pytest
from page_reader import Reader

from belowline.lab.audit import Choices, audit
from belowline.lab.audit_page import render_page

EVIL = '<script>alert("1")</script> $x_1$ & [bold]'


@pytest.fixture
def page(signal, write, suite_rows, template_rows):
    suite = write("suite.csv", [*suite_rows, (EVIL, "0.9 h", "hateful", EVIL)])
    return render_page(audit(signal, [write("names.jsonl", template_rows), suite], Choices()))


def test_it_is_whole(page):
    found = Reader(page)
    assert page.startswith("<!doctype html>")
    assert found.open == []
    assert found.tags.count("svg") == 4
    assert len(found.ids) == len(set(found.ids))


def test_it_needs_nothing_from_elsewhere(page):
    found = Reader(page)
    assert not {"script", "link", "img", "iframe", "object", "image"} & set(found.tags)
    assert all(link.startswith("#") and link[1:] in found.ids for link in found.links)
    assert set(re.findall(r"url\(([^)]*)\)", page)) <= {f"#{name}" for name in found.ids}
    assert not re.search(r"@import|@font-face|\son\w+=", page)


def test_names_from_files_are_only_text(page):
    assert "<script" not in page
    assert EVIL in "".join(Reader(page).words)


def test_colours_follow_the_reader(page):
    drawn = "".join(re.findall(r"<svg.*?</svg>", page, re.DOTALL))
    assert "prefers-color-scheme: dark" in page
    assert "var(--first)" in drawn
    assert not re.findall(r"(?:fill|stroke): #\w+", drawn)


@pytest.mark.parametrize(
    "words",
    [
        "Audit of read-out-1",
        "all 10 rows, 10 distinct texts",
        "0.880",  # the area
        "0.953",  # by template
        "0.667",
        "frisian, BNSP AUC",
        "A score counts from 0.5 on",
        "toxicity, identity_attack",
        "derog_h",
        "66.7\N{NO-BREAK SPACE}%",
        "women",
    ],
)
def test_the_figures_stand_in_it(page, words):
    assert words in page


def test_a_sample_is_told(signal, write, suite_rows):
    page = render_page(audit(signal, [write("suite.csv", suite_rows)], Choices(sample=5, seed=9)))
    assert "At most 5 rows of each file were drawn, with the seed 9." in page
    assert "a sample of 5 of 7 rows" in page


def test_nothing_is_told_of_a_sample_that_holds_all(signal, write, suite_rows):
    assert "were drawn" not in render_page(audit(signal, [write("suite.csv", suite_rows)], Choices(sample=50)))


def test_no_false_positives_give_no_empty_chart(signal, write, suite_rows):
    page = render_page(audit(signal, [write("suite.csv", suite_rows)], Choices(threshold=1.0)))
    assert "Not drawn: 2 without any." in page
    assert page.count("<svg") == 1


def test_hateful_cases_alone_have_no_false_positives(signal, write, suite_rows):
    page = render_page(audit(signal, [write("suite.csv", suite_rows[:3])], Choices()))
    assert "False positives by group" not in page
    assert "no cases" in page


def test_the_same_audit_gives_the_same_page(signal, write, suite_rows):
    report = audit(signal, [write("suite.csv", suite_rows)], Choices())
    assert render_page(report) == render_page(report)
