"""What a filter lets through: in addresses, in forms, in words."""

import pytest
from django.http import QueryDict

from belowline.desk.filter_terms import facets, read_terms, term_words, terms_query
from belowline.moderation.queue_order import Narrowed

EVERYTHING = Narrowed()


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("", Narrowed()),
        ("site=gazette&section=news&language=de&story=7&rule=links", Narrowed("gazette", "news", "de", 7, "links")),
        ("story=x", Narrowed()),
        (f"story={'9' * 400}", Narrowed()),
        ("section=a%00b", Narrowed(section="ab")),
        (f"section={'s' * 300}", Narrowed(section="s" * 100)),
        ("other=1", Narrowed()),
    ],
)
def test_addresses(query, terms):
    assert read_terms(QueryDict(query)) == terms
    assert read_terms(QueryDict(terms_query(terms))) == terms


def test_an_address_has_only_what_is_said():
    assert terms_query(Narrowed(section="A & B", story=3)) == "section=A+%26+B&story=3"


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        (Narrowed(), ""),
        (Narrowed(site="gazette"), "The Gazette"),
        (Narrowed(site="gone"), "gone"),
        (Narrowed(section="news", language="de"), "news, in de"),
        (Narrowed(rule="links"), "Links"),
        (Narrowed(rule="old_rule", site="gazette"), "The Gazette, Old rule"),
    ],
)
def test_words(site, terms, words):
    assert term_words(terms) == words


def test_a_story_is_named_while_it_is_there(story):
    assert term_words(Narrowed(story=story.pk)) == "“Harbour bridge closed for repairs”"
    assert term_words(Narrowed(story=story.pk + 1)) == ""


@pytest.fixture
def options(moderator):
    """What a moderator, or somebody else, can choose from."""

    def call(terms=EVERYTHING, by=moderator):
        return {facet.name: [value for value, _ in facet.options] for facet in facets(terms, by)}

    return call


def test_what_there_is_to_choose_from(site, make_story, held, options):
    make_story(site, "goose", section="sport")
    found = options()

    assert found["site"] == ["gazette"]
    assert found["section"] == ["news", "sport"]
    assert "en" in found["language"]
    assert {"banned_word", "links", "shouting"} <= set(found["rule"])


def test_what_is_chosen_is_offered_though_nothing_has_it(site, options):
    found = options(Narrowed("gone", "gone", "xx", None, "gone"))

    assert {name: values.count("gone") for name, values in found.items()} == {
        "site": 1,
        "section": 1,
        "language": 0,
        "rule": 1,
    }
    assert "xx" in found["language"]


def test_rules_have_their_titles(site, moderator):
    rule = next(facet for facet in facets(Narrowed(), moderator) if facet.name == "rule")

    assert ("banned_word", "Words that we do not publish") in rule.options
    assert [words for _, words in rule.options] == sorted(words for _, words in rule.options)


def test_before_there_is_a_site(options):
    assert options() == {"site": [], "section": [], "language": [], "rule": []}
    assert term_words(Narrowed(rule="links")) == "links"


def test_only_of_what_one_may_see(site, other_site, make_story, held, local, options):  # noqa: PLR0917
    make_story(other_site, "arts", section="arts")
    there = local(other_site)

    assert options(by=there)["site"] == ["courier"]
    assert options(by=there)["section"] == ["arts"]
