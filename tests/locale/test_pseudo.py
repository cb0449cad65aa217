"""Every page for readers in a language that puts each message into brackets: what stands outside has no translation."""

import gettext
import re
from html.parser import HTMLParser

import pytest
from django.conf import settings as shipped
from django.conf.locale import LANG_INFO
from django.utils.translation import trans_real

from belowline.comments.models import Comment
from belowline.engine.policy import ABUSE_SCORES, TOPIC_SCORES
from belowline.moderation.actions.decide_comment import decide_comment
from belowline.moderation.actions.post_comment import post_comment
from belowline.stories.models import Site, Story

LANGUAGE = "xx"
WORD = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
SPOKEN = re.compile(
    r"title|alt|placeholder|aria-(?:label|description)|content|data-(?:new|unread|news-text|fold|muted|ago)"
)
SILENT = {"script", "style", "code", "kbd"}
BLOCKS = {"li", "p", "div", "td", "th", "dt", "dd", "header", "footer", "option"}
BRACKETS = re.compile("⟦[^⟦⟧]*⟧")

ALLOWED = {
    "Belowline": "the name of this software",
    "reader.example": "addresses of accounts",
    **dict.fromkeys((*ABUSE_SCORES, *TOPIC_SCORES), "what a model's card calls the score, the same in each language"),
    **{LANG_INFO[code]["name_local"].capitalize(): "a language, in its own words" for code, _ in shipped.LANGUAGES},
    "abuse-cascade-6": "the name of a model",
    "topic-sentences-1": "the name of a model",
}
"""What may stand outside, and why."""
OUTSIDE = re.compile("|".join(rf"(?<![\w-]){re.escape(one)}(?![\w-])" for one in ALLOWED))


class Bracketed(gettext.NullTranslations):
    """A catalogue that knows every message."""

    def __init__(self):
        super().__init__()
        self.plural = lambda number: int(number != 1)

    def gettext(self, message):
        words = message.rpartition(trans_real.CONTEXT_SEPARATOR)[2]
        return f"⟦{words}⟧" if WORD.search(re.sub(r"%\(\w+\)[sd]", "", words)) else words

    def ngettext(self, singular, plural, number):
        return self.gettext(singular if number == 1 else plural)

    def language(self):
        return LANGUAGE

    def to_language(self):
        return LANGUAGE


class Words(HTMLParser):
    """Gathers what a page says: its text in one piece, and each attribute that is spoken."""

    def __init__(self):
        super().__init__()
        self.said, self._text, self._silent = [], [], 0

    def handle_starttag(self, tag, attributes):
        self._silent += tag in SILENT
        self._text += ["\n"] * (tag in BLOCKS)
        given = dict(attributes)
        if tag == "meta" and given.get("name") != "description":
            return
        self.said += [value or "" for name, value in attributes if SPOKEN.fullmatch(name)]
        if tag == "input" and given.get("type") == "submit":
            self.said.append(given.get("value", ""))

    def handle_endtag(self, tag):
        self._silent -= tag in SILENT

    def handle_data(self, data):
        if not self._silent:
            self._text.append(data)

    def close(self):
        super().close()
        self.said.append("".join(self._text))


def left_outside(html):
    """Words of a page that stand in no message."""
    page = Words()
    page.feed(html)
    page.close()
    found = []
    for text in page.said:
        while BRACKETS.search(text):
            text = BRACKETS.sub(" ", text)  # noqa: PLW2901 - from the innermost outwards
        found += [line.strip() for line in text.split("\n") if WORD.search(OUTSIDE.sub("", line))]
    return found


@pytest.fixture
def bracketed(monkeypatch, settings):
    """Readers' pages speak in brackets."""
    settings.LANGUAGES = [*settings.LANGUAGES, (LANGUAGE, "Скобки")]
    info = {"bidi": False, "code": LANGUAGE, "name": "Скобки", "name_local": "Скобки"}
    monkeypatch.setitem(LANG_INFO, LANGUAGE, info)
    monkeypatch.setitem(trans_real._translations, LANGUAGE, Bracketed())


@pytest.fixture
def place(bracketed, db, account, make_story):
    """A discussion under the shipped policy, in which nothing that people wrote has a Latin letter."""
    site = Site.objects.create(key="g", name="Газета", domains=["g.example"], language=LANGUAGE)
    story = make_story(site, title="Мост закрыт", body="Мост закрыт до мая.", section="")
    writer, other, moderator = (
        account(*who, password="пароль") for who in (["Анна"], ["Борис"], ["Редакция", "moderator"])
    )
    first = post(story, writer, "Мост закрыт слишком долго, и паром ходит редко.")
    publish(first, moderator)
    publish(post(story, other, "Паром ходит каждый час, я проверял вчера.", first), moderator)
    waits = post(story, writer, "Когда же откроют мост? Пишите сюда и ещё раз.")
    refused = post(story, writer, "Совсем о другом: продаю телефон, звоните мне вечером.")
    decide_comment(comment=refused, moderator=moderator, outcome="reject", rule="spam")
    return {
        "story": story.pk,
        "comment": first.pk,
        "waits": waits.pk,
        "refused": refused.pk,
        "writer": writer,
        "other": other,
        "moderator": moderator,
    }


def post(story, author, text, parent=None):
    return post_comment(story=story, author=author, text_source=text, parent=parent, idempotency_key=text[:30]).comment


def publish(comment, moderator):
    comment.refresh_from_db()
    if comment.status == Comment.Status.HELD:
        decide_comment(comment=comment, moderator=moderator, outcome="publish")
        comment.refresh_from_db()


PUBLIC = (
    "/discussion/{story}/",
    "/discussion/{story}/?order=best",
    "/comments/{comment}/",
    "/comments/{comment}/more/",
    "/comments/{comment}/embed/",
    "/faq/",
    "/accessibility/",
    "/transparency/g/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/login/code/",
    "/accounts/password/reset/",
    "/nowhere/",
)
PRIVATE = (
    "/discussion/{story}/",
    "/discussion/{story}/?reply={comment}",
    "/comments/{comment}/",
    "/comments/{comment}/more/",
    "/comments/{comment}/report/",
    "/me/",
    "/me/notifications/",
    "/me/settings/",
    "/me/sessions/",
    "/me/export/",
    "/me/close/",
    "/me/comments/{waits}/",
    "/me/comments/{refused}/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/2fa/",
)


def faults(browser, paths, place):
    """Return what stands outside of messages, page by page; a page without any message is one, too."""
    found = {}
    for path in paths:
        answer = browser.get(path.format(**place))
        shown = answer.content.decode()
        if "⟦" not in shown or (left := left_outside(shown)):
            found[path] = left if "⟦" in shown else answer.status_code
    return found


def test_strangers(place, stranger):
    assert faults(stranger, PUBLIC, place) == {}


@pytest.mark.parametrize("who", ["writer", "other", "moderator"])
def test_readers_and_staff(place, sign_in, who):
    assert faults(sign_in(place[who]), PRIVATE, place) == {}


def test_a_closed_discussion(place, stranger):
    Story.objects.filter(pk=place["story"]).update(is_open=False)

    assert faults(stranger, PUBLIC[:1], place) == {}


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>⟦Words⟧ Слова</p>", []),
        ("<p>Words</p>", ["Words"]),
        ("<p>⟦See <a>the ⟦rules⟧</a>⟧ now</p>", ["now"]),
        ('<p title="Words">⟦x⟧</p>', ["Words"]),
        ('<p title="⟦Words⟧"><code>words</code></p>', []),
        ("<p>spam</p><p>spams</p>", ["spams"]),
    ],
)
def test_the_scan(html, found):
    assert left_outside(html) == found
