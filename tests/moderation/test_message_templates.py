"""Which templates fit an author, and how their gaps are filled."""

import pytest

from belowline.moderation.message_templates import fill, offers_for, rule_titles, templates_at, text_for, unknown_gaps
from belowline.moderation.team_models import MessageTemplate


@pytest.fixture
def template(admin):
    def call(title="Calm down", text="Dear {name}, please mind “{rule}” under {story}.", language="en", **more):
        return MessageTemplate.objects.create(
            title=title, text_source=text, language=language, changed_by=admin, **{"rule": "banned_word", **more}
        )

    return call


def test_filled_for_the_author(template, reader, site, held):
    row = template()
    [offer] = offers_for(reader, site, held)

    assert (offer.pk, offer.title, offer.rule, offer.rule_title) == (
        row.pk,
        "Calm down",
        "banned_word",
        "Words that we do not publish",
    )
    assert offer.text == (
        "Dear Marjorie Tench, please mind “Words that we do not publish” under Harbour bridge closed for repairs."
    )


def test_those_of_the_site_and_of_all(template, reader, site, other_site):
    template("Ours", site=site)
    template("Theirs", site=other_site)
    template("Everybody's")

    assert [offer.title for offer in offers_for(reader, site)] == ["Everybody's", "Ours"]
    assert [row.title for row in templates_at(other_site)] == ["Everybody's", "Theirs"]


@pytest.mark.parametrize(
    ("language", "found"),
    [("", ["English"]), ("de", ["Deutsch"]), ("fr", ["Deutsch", "English"])],
    ids=["as the site", "their own", "none in theirs: all"],
)
def test_in_the_language_of_the_author(template, reader, site, language, found):
    template("English")
    template("Deutsch", language="de")
    reader.language = language
    reader.save()

    assert sorted(offer.title for offer in offers_for(reader, site)) == found


def test_a_rule_that_is_gone_keeps_its_code(template, reader, site):
    template(rule="manners", text="{rule}!")
    [offer] = offers_for(reader, site)

    assert (offer.rule_title, offer.text) == ("manners", "{rule}!")


def test_the_rule_in_the_language_of_the_template(template, reader, other_site):
    template(rule="off_topic", language="de", text="Regel: {rule}")
    reader.language = "de"
    reader.save()

    [offer] = offers_for(reader, other_site)
    assert offer.text.startswith("Regel: ")
    assert offer.text != "Regel: Off topic"


def test_by_number(template, reader, site, other_site):
    row = template(text="Dear {name}.", site=site)

    assert text_for(row.pk, reader, site) == "Dear Marjorie Tench."
    assert text_for(row.pk, reader, other_site) == ""
    assert text_for(None, reader, site) == ""
    assert text_for(0, reader, site) == ""


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Dear {name}!", "Dear Ada!"),
        ("{name} {name}", "Ada Ada"),
        ("{other} { name }", "{other} { name }"),
        ("{{name}}", "{Ada}"),
        ("", ""),
    ],
)
def test_gaps(text, filled):
    assert fill(text, {"name": "Ada"}) == filled


def test_a_name_with_braces_fills_nothing_else():
    assert fill("{name} {rule}", {"name": "{rule}", "rule": "R"}) == "{rule} R"


def test_gaps_that_stand_for_nothing():
    assert unknown_gaps("{name} {rule} {story}") == []
    assert unknown_gaps("{nmae} and {x}") == ["nmae", "x"]


def test_the_rules_of_all_sites(site, other_site):
    titles = rule_titles([site, other_site])

    assert titles["banned_word"]
    assert "off_topic" in titles
