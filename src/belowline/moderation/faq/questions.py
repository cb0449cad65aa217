"""The questions of the FAQ, in their order: the 35 that good comment FAQs answer, and the rules themselves.

A question's key is its anchor on the page and the name under which a site keeps its own words: it stays for good.
"""

from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Group(NamedTuple):
    """A part of the page."""

    key: str
    title: Promise


class Question(NamedTuple):
    """A question, and where it stands."""

    key: str
    group: str
    title: Promise

    def asked(self, site_name: str) -> str:
        """Return the question in the present language, about this site."""
        return str(self.title) % {"site": site_name}


GROUPS: tuple[Group, ...] = (
    Group("posting", _("Writing a comment")),
    Group("moderation", _("How comments are checked")),
    Group("outcomes", _("What becomes of your comment")),
    Group("features", _("Reading and taking part")),
    Group("rights", _("Your rights, and ours")),
)


def _all() -> tuple[Question, ...]:
    texts: dict[str, dict[str, Any]] = {
        "posting": {
            "wanted": _("What comments do you want?"),
            "rules": _("What are the rules?"),
            "on-topic": _("What does “on-topic” mean?"),
            "abusive": _("What does “abusive” cover?"),
            "criticism": _("May I criticise the article, its author, or %(site)s?"),
            "who-may-comment": _("Who may comment, and what does it cost?"),
            "names": _("Must I use my real name, and what do others see?"),
            "length": _("How long may a comment be? What about links, quotations and languages?"),
            "repeating": _("May I repeat myself, or paste a text?"),
        },
        "moderation": {
            "before-or-after": _("Are comments checked before or after they appear?"),
            "who-decides": _("Who decides, and are they independent?"),
            "software": _("What does software decide? Can it reject a comment by itself?"),
            "waiting-time": _("How long does it take?"),
            "editing-by-us": _("Do you edit comments?"),
            "closed-articles": _("Why can I not comment here?"),
            "closing": _("When do discussions close?"),
            "trusted-readers": _("Are some readers trusted more than others?"),
        },
        "outcomes": {
            "where-is-my-comment": _("Where is my comment?"),
            "why-held": _("Will I be told what was decided, and why?"),
            "try-again": _("May I change a comment and try again?"),
            "appeal": _("How do I appeal?"),
            "replies": _("What happens to the replies when a comment goes?"),
            "sanctions": _("What leads to a warning, a suspension or a ban?"),
            "about-moderation": _("May I discuss the moderation in the discussion?"),
        },
        "features": {
            "picks": _("Do editors pick comments?"),
            "order": _("In which order do comments stand, and can I change it?"),
            "reply-follow-mute": _("Can I reply, recommend, follow or mute?"),
            "report": _("What happens when I report a comment?"),
            "illegal-content": _("How do I report illegal content?"),
            "e-mails": _("Which e-mails will I get, and how do I stop them?"),
        },
        "rights": {
            "edit-delete-export": _("Can I edit or delete a comment, export my data, or close my account?"),
            "licence": _("What rights do I give you in what I write?"),
            "stored": _("What do you store, for how long, and who sees it?"),
            "search-engines": _("Will search engines show my comment?"),
            "contact": _("Where do corrections, tips and faults go?"),
            "transparency": _("Where are your figures, and the changes of the rules?"),
        },
    }
    return tuple(Question(key, group, title) for group, titles in texts.items() for key, title in titles.items())


QUESTIONS: tuple[Question, ...] = _all()
BY_KEY: dict[str, Question] = {question.key: question for question in QUESTIONS}
