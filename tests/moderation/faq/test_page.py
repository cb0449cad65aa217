"""The whole FAQ: a site's own words stand beside what is set, and never in its place."""

import pytest
from django.utils import translation

from belowline.moderation.faq.facts import gather
from belowline.moderation.faq.page import own_words, write_answer, write_facts, write_faq
from belowline.moderation.faq.questions import BY_KEY, GROUPS, QUESTIONS
from belowline.moderation.models import FaqAnswer


@pytest.fixture
def own(site):
    def call(question, text, language="en", of=site):
        return FaqAnswer.objects.create(site=of, question=question, language=language, text_source=text)

    return call


def answers(site):
    return {one.key: one for part in write_faq(gather(site)) for one in part.answers}


def test_all_questions_in_their_order(site):
    parts = write_faq(gather(site))

    assert [part.key for part in parts] == [group.key for group in GROUPS]
    assert [one.key for part in parts for one in part.answers] == [question.key for question in QUESTIONS]
    assert all(one.facts.strip() for part in parts for one in part.answers)


@pytest.mark.parametrize("key", BY_KEY)
def test_own_words_never_take_the_place_of_facts(site, own, key):
    facts = gather(site)
    alone = write_facts(BY_KEY[key], facts)
    own(key, "We *never* hold anything.")

    answer = answers(site)[key]
    assert answer.own == "<p>We <em>never</em> hold anything.</p>\n"
    assert answer.facts == alone


def test_own_words_are_sanitised(site, own):
    own("wanted", "<script>alert(1)</script> [x](javascript:alert(1)) [y](https://y.example)")

    shown = answers(site)["wanted"].own
    assert "<script" not in shown
    assert 'href="javascript' not in shown
    assert '<a href="https://y.example"' in shown


def test_another_sites_words_stay_there(site, other_site, own):
    own("wanted", "Only here.", of=other_site)

    assert answers(site)["wanted"].own == ""


def test_the_present_language_comes_first_then_the_main_one_then_english(site, own):
    own("wanted", "English.")
    own("closing", "English only.")
    own("wanted", "Français.", "fr")
    own("licence", "Deutsch.", "de")

    def words(main, present="en"):
        with translation.override(present):
            return {key: (row.text_source, row.language) for key, row in own_words(site, main).items()}

    assert words("fr", "ar") == {"wanted": ("Français.", "fr"), "closing": ("English only.", "en")}
    assert words("en") == {"wanted": ("English.", "en"), "closing": ("English only.", "en")}
    assert words("en", "fr") == {"wanted": ("Français.", "fr"), "closing": ("English only.", "en")}
    assert words("fr", "de")["licence"] == ("Deutsch.", "de")
    assert (answers(site)["wanted"].own_language, answers(site)["licence"].own_language) == ("en", "")


def test_links_stay_in_the_frame(site):
    facts, question = gather(site), BY_KEY["where-is-my-comment"]

    assert 'href="/me/?embed=1"' in write_facts(question, facts, links="?embed=1")
    assert 'href="/me/"' in write_facts(question, facts)


def test_names_are_escaped(site):
    site.name = "<b>Gazette & Sons</b>"

    answer = write_answer(BY_KEY["closed-articles"], gather(site), None)
    assert "&lt;b&gt;Gazette &amp; Sons&lt;/b&gt; decides" in answer.facts
