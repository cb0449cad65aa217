"""The FAQ as a whole: each question with the site's own words and with what is set today."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from belowline.comments.render import render_comment
from belowline.moderation.faq import answers_moderation as moderation
from belowline.moderation.faq import answers_outcomes as outcomes
from belowline.moderation.faq import answers_posting as posting
from belowline.moderation.faq import answers_rights as rights
from belowline.moderation.faq.facts import Facts
from belowline.moderation.faq.questions import GROUPS, QUESTIONS, Question
from belowline.moderation.models import FaqAnswer
from belowline.stories.models import Site

Builder = Callable[[Facts], dict[str, Any]]
ENGLISH = "en"
BUILDERS: dict[str, Builder] = {
    "rules": posting.rules,
    "on-topic": posting.on_topic,
    "abusive": posting.abusive,
    "criticism": posting.criticism,
    "who-may-comment": posting.who_may_comment,
    "names": posting.names,
    "length": posting.length,
    "repeating": posting.repeating,
    "before-or-after": moderation.before_or_after,
    "who-decides": moderation.who_decides,
    "software": moderation.software,
    "waiting-time": moderation.waiting_time,
    "closed-articles": moderation.closed_articles,
    "closing": moderation.closing,
    "where-is-my-comment": outcomes.where_is_my_comment,
    "why-held": outcomes.why_held,
    "try-again": outcomes.try_again,
    "appeal": outcomes.appeal,
    "sanctions": outcomes.sanctions,
    "about-moderation": outcomes.about_moderation,
    "picks": rights.picks,
    "reply-follow-mute": rights.reply_follow_mute,
    "search-engines": rights.search_engines,
    "report": rights.report,
    "illegal-content": rights.illegal_content,
    "e-mails": rights.e_mails,
    "edit-delete-export": rights.edit_delete_export,
    "stored": rights.stored,
    "contact": rights.contact,
    "transparency": rights.transparency,
}
"""What a question's template is given besides the site; the other answers hold no fact that could change."""


class Answer(NamedTuple):
    """An answered question."""

    key: str
    title: str
    own: SafeString
    """The site's own words; empty where it has none."""
    own_language: str
    facts: SafeString
    """What is set today; always there."""


class Part(NamedTuple):
    """A group with its answers."""

    key: str
    title: str
    answers: list[Answer]


def write_faq(facts: Facts, *, links: str = "") -> list[Part]:
    """Return the whole FAQ of a site in the present language; `links` is the query that its links carry on."""
    own = own_words(facts.site, facts.policy.settings.languages[0])
    return [
        Part(
            group.key,
            str(group.title),
            [
                write_answer(question, facts, own.get(question.key), links=links)
                for question in QUESTIONS
                if question.group == group.key
            ],
        )
        for group in GROUPS
    ]


def write_answer(question: Question, facts: Facts, own: FaqAnswer | None, *, links: str = "") -> Answer:
    """Return one answer: the site's words stand beside what is set, and never in its place."""
    source = own.text_source if own else ""
    return Answer(
        key=question.key,
        title=question.asked(facts.site.name),
        own=mark_safe(render_comment(source)) if source else SafeString(),  # noqa: S308 - sanitised there
        own_language=own.language if own else "",
        facts=write_facts(question, facts, links=links),
    )


def write_facts(question: Question, facts: Facts, *, links: str = "") -> SafeString:
    """Return what is set today, as HTML: a template filled with what the question's builder gives, and no more."""
    builder = BUILDERS.get(question.key)
    context = builder(facts) if builder else {}
    return render_to_string(f"faq/{question.key}.html", {"site": facts.site, "links": links, **context})


def own_words(site: Site, language: str) -> dict[str, FaqAnswer]:
    """Return the site's own words by question: in the present language, else in its main one, else in English."""
    best_last = [ENGLISH, language, get_language() or ENGLISH]
    rows = FaqAnswer.objects.filter(site=site, language__in=best_last)
    ordered = sorted(rows, key=lambda row: max(place for place, one in enumerate(best_last) if one == row.language))
    return {row.question: row for row in ordered}
