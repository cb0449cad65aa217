"""The templates of the answers hold words only: every number comes from a fact, and every word can be translated."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

import belowline.moderation
import belowline.stream
from belowline.moderation.faq.page import BUILDERS
from belowline.moderation.faq.questions import QUESTIONS

FOLDER = Path(belowline.moderation.__file__).parent / "templates" / "faq"
PAGES = Path(belowline.stream.__file__).parent / "templates" / "stream"
TEMPLATES = sorted(FOLDER.glob("*.html"))
PUBLIC = [*TEMPLATES, PAGES / "faq.html", PAGES / "transparency.html", *sorted((PAGES / "transparency").glob("*.html"))]
NUMBER_WORDS = re.compile(
    r"\b(two|three|four|five|six|seven|eight|nine|ten|twelve|dozen|twenty|thirty|hundred|thousand|half|weeks?|months?|years?)\b",
    re.IGNORECASE,
)
TRANSLATED = re.compile(r"{% blocktranslate.*?{% endblocktranslate %}|{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
QUOTED = re.compile(r'{% translate "(.*?)" %}')
BLOCK = re.compile(r"{% blocktranslate[^%]*%}(.*?){% endblocktranslate %}", re.DOTALL)


def names(paths):
    return [path.stem for path in paths]


def words_of(path):
    """Everything that readers may see and that stands in the template itself."""
    source = path.read_text("utf-8")
    inside = [*QUOTED.findall(source), *(re.sub(r"{[{%].*?[}%]}", " ", block) for block in BLOCK.findall(source))]
    return " ".join([*inside, outside(source)])


def outside(source):
    """What is left without tags of Django and of HTML: text that no translator gets to see."""
    source = re.sub(r"{% block body_class %}.*?{% endblock %}", " ", source)
    return re.sub(r"<[^>]*>", " ", TRANSLATED.sub(" ", source))


@pytest.mark.parametrize("path", TEMPLATES, ids=names(TEMPLATES))
def test_no_number_stands_in_the_words(path):
    words = words_of(path)

    assert not re.search(r"\d", words), words
    assert not NUMBER_WORDS.search(words), words


@pytest.mark.parametrize("path", PUBLIC, ids=names(PUBLIC))
def test_every_word_can_be_translated(path):
    left = re.sub(r"[\s.,:;·–()*/?=&#“”-]+", "", outside(path.read_text("utf-8")))

    assert not re.search(r"[A-Za-z]", left), left


def test_every_question_has_its_template_and_every_template_its_question():
    assert {path.stem for path in TEMPLATES if not path.stem.startswith("_")} == {one.key for one in QUESTIONS}
    for question in QUESTIONS:
        assert get_template(f"faq/{question.key}.html")


def test_every_builder_belongs_to_a_question():
    assert BUILDERS.keys() <= {question.key for question in QUESTIONS}
