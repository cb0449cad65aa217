"""Reading answers of the FAQ as plain text, with any policy and any offer."""

import html
import re

import pytest
from django.core.cache import cache

from belowline.engine.policy import default_policy_text
from belowline.moderation.actions.activate_policy import activate_policy
from belowline.moderation.faq.facts import gather
from belowline.moderation.faq.offers import Offers
from belowline.moderation.faq.page import write_facts
from belowline.moderation.faq.questions import BY_KEY

NOTHING = Offers(**dict.fromkeys(Offers._fields, False))


@pytest.fixture
def plain():
    """The text that readers see of some HTML, blanks collapsed."""

    def call(markup):
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())

    return call


@pytest.fixture
def set_policy(other_site):
    """Let the shipped policy act with some of its text replaced: {old: new}, each old one must be there."""

    def call(changes):
        text = default_policy_text()
        for old, new in changes.items():
            assert old in text, old
            text = text.replace(old, new, 1)
        activate_policy(site=other_site, text=text)

    return call


@pytest.fixture
def markup(other_site):
    """The facts of an answer as HTML, with fresh figures; `offers` says what the server has."""

    def call(key, *, offers=NOTHING):
        cache.clear()
        return write_facts(BY_KEY[key], gather(other_site)._replace(offers=offers))

    return call


@pytest.fixture
def answer(markup, plain):
    """The facts of an answer as text."""

    def call(key, *, offers=NOTHING):
        return plain(markup(key, offers=offers))

    return call
