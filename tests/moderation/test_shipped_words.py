"""Words that came with Belowline are translated where they are met; a newsroom's own stay as they are."""

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from django.utils import translation

from belowline.engine.decision import Score
from belowline.engine.explain import UNCHECKED, explain
from belowline.engine.policy import load_policy
from belowline.engine.submission import Story, Submission
from belowline.moderation.shipped_words import in_present_language, plain_words, sentences

POLICY = load_policy()
STORY = Story(title="Bridge closed", standfirst="", body="", section="")


@pytest.fixture
def in_capitals(tmp_path, settings):
    """A language in which every word of ours is its English one in capitals, but for the gaps."""
    from belowline.engine.signals import personal_data

    words = {*plain_words(), *(one.template for one in sentences()), *personal_data.WORDS.values()}
    catalog = Catalog(locale="eo")
    for english in words:
        gaps = english.upper()
        for name in ("excerpt", "evidence", "story", "title", "cause"):
            gaps = gaps.replace(f"{{{name.upper()}}}", f"{{{name}}}")
        catalog.add(english, gaps)
    catalog.add(("%(count)d link", "%(count)d links"), ("%(count)d LIGILO", "%(count)d LIGILOJ"))
    folder = tmp_path / "eo" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "django.mo").open("wb") as file:
        write_mo(file, catalog)
    settings.LOCALE_PATHS = [tmp_path]
    with translation.override("eo"):
        yield


@pytest.mark.usefixtures("in_capitals")
@pytest.mark.parametrize("code", POLICY.rules)
def test_every_sentence_of_the_shipped_policy_is_found_filled(code):
    rule = POLICY.rules[code]
    said = explain(
        rule, Score(value=0.9, evidence="a telephone number"), None, Submission(text="Ring me.", story=STORY)
    )

    found = in_present_language(said)
    assert found != said
    assert found.replace("Ring me.", "").replace("Bridge closed", "").isupper()


@pytest.mark.usefixtures("in_capitals")
@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (POLICY.sentence, POLICY.sentence.upper()),
        ("Off topic", "OFF TOPIC"),
        ("", ""),
        ("Be kind, in our own words.", "Be kind, in our own words."),
        (
            "There are 3 links; a person looks at comments with many.",
            "THERE ARE 3 LIGILOJ; A PERSON LOOKS AT COMMENTS WITH MANY.",
        ),
        (
            "There are 1 link; a person looks at comments with many.",
            "THERE ARE 1 LIGILO; A PERSON LOOKS AT COMMENTS WITH MANY.",
        ),
        ("“Off topic” is strong language.", "“Off topic” IS STRONG LANGUAGE."),
        ("“{evidence} {0}” is strong language.", "“{evidence} {0}” IS STRONG LANGUAGE."),
        ("“a\nb” is strong language.", "“a\nb” IS STRONG LANGUAGE."),
        ("“x” looks like an e-mail address.", "“x” LOOKS LIKE AN E-MAIL ADDRESS."),
        (
            UNCHECKED.format(title="Off topic", cause="one of our checks failed"),
            "WE COULD NOT CHECK THE RULE “OFF TOPIC”: ONE OF OUR CHECKS FAILED. SO A PERSON LOOKS AT IT.",
        ),
        (
            UNCHECKED.format(title="Our own", cause="x"),
            "WE COULD NOT CHECK THE RULE “Our own”: x. SO A PERSON LOOKS AT IT.",
        ),
    ],
)
def test_words(said, expected):
    assert in_present_language(said) == expected


@pytest.mark.parametrize("said", [POLICY.sentence, "“x” is strong language.", "There are 3 links; a person looks."])
def test_english_stays(said):
    assert in_present_language(said) == said
