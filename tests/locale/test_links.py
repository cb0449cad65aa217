"""Links within readers' pages carry the frame and the language on, and dates are written as the language does."""

import re
from pathlib import Path

import pytest

import belowline

PACKAGE = Path(belowline.__file__).parent
APPS = ("accounts", "comments", "moderation", "notifications", "stories", "stream")
TEMPLATES = sorted(path for app in APPS for path in (PACKAGE / app / "templates").rglob("*.html"))
CARRIED = r"(?!{% (?:frame_query|language_query)\b|{{ (?:carry|links|query|extra|more_carry|previous_page)\b)"
PLACE = r"(?:href|action|hx-get|hx-post)=\"(?:{{ base_url }})?"
LINK = re.compile(PLACE + r"{% url \"([\w-]+)\"[^%]*%}" + CARRIED)
NAMED = re.compile(r"{% url \"([\w-]+)\"[^%]*? as (\w+) %}")
BY_HAND = re.compile(r"[?&](?:embed=|lang=)|href=\"/[^\"]*\"")
FORMAT = re.compile(r"\|(?:date|time):\"([^\"]*)\"")
FORMATS = {"DATE_FORMAT", "DATETIME_FORMAT", "SHORT_DATE_FORMAT", "SHORT_DATETIME_FORMAT", "TIME_FORMAT", "c"}

SPEAK_NO_LANGUAGE = {
    "desk": "in English, and never in a frame",
    "desk-overview": "in English, and never in a frame",
    "desk-story": "in English, and never in a frame",
    "hand-on": "in English, and never in a frame",
    "desk-commenter": "in English, and never in a frame",
    "front": "the demo paper's own page",
    "transparency-json": "for programs",
    "terms-json": "for programs",
    "story-feed": "kept the same for everybody",
    "preview": "asked by htmx, which says on which page it stands",
    "mfa_download_recovery_codes": "a file of codes without words",
    "mfa_login_webauthn": "its form carries where it goes next",
    "mfa_reauthenticate_webauthn": "its form carries where it goes next",
}


def forgetful(source):
    """Names of addresses to which a template links without carrying anything on."""
    found = LINK.findall(source)
    for name, variable in NAMED.findall(source):
        if re.search(PLACE + "{{ " + variable + " }}" + CARRIED, source) and not carries(source, variable):
            found.append(name)
    return [name for name in found if name not in SPEAK_NO_LANGUAGE]


def carries(source, variable):
    """Whether a variable's address is given its query before a sentence takes it up."""
    return bool(re.search(rf"with {variable}=\w+\|add:query", source))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_links_carry_on_what_was_asked_for(path):
    source = path.read_text("utf-8")

    assert forgetful(source) == [], "add {% frame_query %}, or say in SPEAK_NO_LANGUAGE why not"
    assert BY_HAND.findall(source) == [], "write {% url ... %}{% frame_query %}"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_dates_are_written_as_the_language_does(path):
    assert set(FORMAT.findall(path.read_text("utf-8"))) - FORMATS == set()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('<a href="{% url "faq" %}">', ["faq"]),
        ('<a href="{% url "site-faq" site.key %}#rules">', ["site-faq"]),
        ('<a href="{% url "faq" %}{% frame_query %}">', []),
        ('<a href="{% url "comment" comment.id %}{{ carry }}">', []),
        ('<form action="{% url "post-comment" story.pk %}">', ["post-comment"]),
        ('{% url "faq" as faq %}<a href="{{ faq }}">', ["faq"]),
        ('{% url "faq" as faq %}<a href="{{ faq }}{{ query }}">', []),
        ('{% url "faq" as to %}{% blocktranslate with faq=to|add:query %}<a href="{{ faq }}">', []),
        ('<a href="{% url "desk" %}">', []),
    ],
)
def test_the_scan_of_links(source, found):
    assert forgetful(source) == found


@pytest.mark.parametrize("source", ["{% if framed %}?embed=1{% endif %}", "?a=b&lang=de", '<a href="/faq/">'])
def test_the_scan_sees_queries_by_hand(source):
    assert BY_HAND.search(source)
