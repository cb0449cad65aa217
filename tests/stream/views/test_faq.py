"""The FAQ says what the policy does: its rules, its languages, its limits, and nothing else."""

import re

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from django.core.cache import cache

from belowline.engine.policy import load_policy
from belowline.moderation.actions.activate_policy import activate_policy
from belowline.moderation.faq.questions import QUESTIONS

CLIENTS = ["stranger", "as_reader", "as_moderator"]


@pytest.fixture
def page(stranger):
    def call(path="/faq/"):
        answer = stranger.get(path)
        assert answer.status_code == 200
        return answer.content.decode()

    return call


def rules_on(page):
    return re.findall(r'id="rule-([a-z_]+)"', page)


@pytest.mark.parametrize("who", CLIENTS)
def test_everybody_reads_it(request, who, site):
    answer = request.getfixturevalue(who).get("/faq/")

    assert answer.status_code == 200
    assert "Be brief and kind." in answer.content.decode()


def test_it_names_exactly_the_rules_that_are_not_on_trial(page, site, other_site, policy_text):
    assert rules_on(page("/faq/gazette/")) == ["banned_word", "links", "shouting"]
    told = [code for code, rule in load_policy().rules.items() if not rule.is_on_trial]
    assert rules_on(page("/faq/courier/")) == told

    activate_policy(site=site, text=policy_text() + policy_text().split("\n\n")[-1].replace("shouting]", "loud]"))
    assert rules_on(page("/faq/gazette/")) == ["banned_word", "links", "shouting", "loud"]


def test_each_rule_is_in_the_readers_words(page, other_site):
    shown = page("/faq/courier/")
    for rule in (one for one in load_policy().rules.values() if not one.is_on_trial):
        assert rule.title in shown
        assert rule.for_readers[:40] in shown.replace("&#x27;", "'").replace("&amp;", "&")
        assert rule.for_moderators not in shown


def test_background_rules_are_not_promised(page, site, policy_text):
    activate_policy(site=site, text=policy_text().replace('score = "links"', 'score = "links"\nbackground = true'))

    assert rules_on(page("/faq/gazette/")) == ["banned_word", "shouting"]


def test_it_names_the_version_that_decides(page, site, activate):
    version = activate(site, name="Newest").version

    assert version in page("/faq/gazette/")


def test_who_rejects(page, site, activate):
    assert "Only people reject." in page("/faq/gazette/")

    activate(site, reject=0.9)
    shown = page("/faq/gazette/")
    assert "Only people reject." not in shown
    assert "For “Words that we do not publish” it also rejects" in shown


def test_sections(page, site, policy_text):
    text = policy_text().replace('score = "links"', 'score = "links"\nsections = ["sport", "news"]')
    activate_policy(site=site, text=text)

    assert "In: sport, news." in page("/faq/gazette/")


@pytest.mark.parametrize(
    ("languages", "sentence"), [('["en"]', "<dd>English."), ('["fr", "en"]', "<dd>French and English.")]
)
def test_languages(page, site, policy_text, languages, sentence):
    text = policy_text().replace("[settings]", f"[settings]\nlanguages = {languages}")
    activate_policy(site=site, text=text)

    assert sentence in page("/faq/gazette/?lang=en")


@pytest.mark.parametrize(
    ("links", "words"), [(0, "Up to 0 links may"), (1, "Up to 1 link may"), (2, "Up to 2 links may")]
)
def test_limits(page, site, policy_text, settings, links, words):  # noqa: PLR0917
    settings.COMMENT_MAX_CHARACTERS = 1234
    activate_policy(site=site, text=policy_text().replace("[settings]", f"[settings]\nmax_links = {links}"))
    shown = page("/faq/gazette/")

    assert words in shown
    assert "Up to 1,234 characters" in shown


def test_topics_are_explained_by_the_rule_that_is_there(page, site, other_site):
    heading, none = "What does “on-topic” mean?", "No rule here is about the subject"

    assert heading in page("/faq/courier/")
    assert none not in page("/faq/courier/")
    assert heading in page("/faq/gazette/")
    assert none in page("/faq/gazette/")


def test_how_long_it_takes(page, site, post, decide):
    assert "as soon as somebody is on duty" in page("/faq/gazette/")

    cache.clear()
    for number in range(5):
        decide(post(f"Wombat number {number} of the bridge.").comment)
    assert "usually within 1 minute. That is the median of the latest decisions." in page("/faq/gazette/")


def test_whom_to_write_to(page, site, other_site):
    assert 'href="mailto:editor@gazette.example"' in page("/faq/gazette/")
    assert "mailto:" not in page("/faq/courier/")


def test_without_a_key_it_is_the_first_sites(page, site, other_site):
    assert "Comments FAQ – The Gazette" in page()


def test_a_server_without_a_site(stranger, db):
    answer = stranger.get("/faq/")

    assert answer.status_code == 404
    assert "belowline init" in answer.content.decode()


@pytest.mark.parametrize("path", ["/faq/nobody/", "/faq/GAZETTE/"])
def test_no_such_site(stranger, site, path):
    assert stranger.get(path).status_code == 404


def test_it_is_for_reading(stranger, site):
    assert stranger.post("/faq/").status_code == 405
    assert stranger.head("/faq/").status_code == 200


def test_few_queries(stranger, site, django_assert_max_num_queries):
    stranger.get("/faq/")
    # Twice the site and its policy (for the language), its own words, the wait, whether papers sign in, the sections.
    with django_assert_max_num_queries(8):
        stranger.get("/faq/")


def anchors(page):
    return re.findall(r'<section class="answer" id="([a-z-]+)">', page)


def test_every_question_has_its_anchor_and_is_in_the_contents(page, site):
    shown = page("/faq/gazette/")

    assert anchors(shown) == [question.key for question in QUESTIONS]
    for question in QUESTIONS:
        assert f'<li><a href="#{question.key}">' in shown


@pytest.fixture
def translated(tmp_path, settings):
    """A newsroom's own catalogue: a language and {English: translation}."""

    def write(language, messages):
        folder = tmp_path / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        catalog = Catalog(locale=language)
        for english, words in messages.items():
            catalog.add(english, words)
        with (folder / "django.mo").open("wb") as file:
            write_mo(file, catalog)
        settings.LOCALE_PATHS = [tmp_path]

    return write


def test_it_speaks_the_sites_language_where_somebody_has_translated_it(page, site, policy_text, translated):
    activate_policy(site=site, text=policy_text().replace("[settings]", '[settings]\nlanguages = ["fr", "en"]'))
    translated(
        "fr",
        {
            "Do you edit comments?": "Retouchez-vous les commentaires ?",
            "No. A comment is published as you wrote it, or not at all.": "Non. Tel quel, ou pas du tout.",
            ("%(count)d minute", "%(count)d minutes"): ("%(count)d minute", "%(count)d minutes"),
        },
    )
    shown = page("/faq/gazette/")
    assert "Retouchez-vous les commentaires ?" in shown
    assert "Non. Tel quel, ou pas du tout." in shown
    assert "Do you edit comments?" not in shown
    assert '<html lang="fr" dir="ltr">' in shown
    assert "français" in shown.lower()


def test_a_translation_is_for_its_language_alone(page, site, translated):
    translated("fr", {"Do you edit comments?": "Retouchez-vous les commentaires ?"})

    assert "Do you edit comments?" in page("/faq/gazette/")
    assert '<html lang="en" dir="ltr">' in page("/faq/gazette/")
