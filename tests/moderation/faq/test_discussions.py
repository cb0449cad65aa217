"""How a site's discussions go, in the FAQ: by what its sections and stories say, and true at once."""

import pytest
from django.core.cache import cache
from django.utils.html import strip_tags

from belowline.moderation.faq.discussions import discussions_of
from belowline.moderation.faq.facts import gather
from belowline.moderation.faq.page import write_facts
from belowline.moderation.faq.questions import BY_KEY
from belowline.stories.models import Section, Story


@pytest.fixture
def answer(site):
    """An answer as readers see it, in one line."""

    def call(key):
        cache.clear()
        return " ".join(strip_tags(str(write_facts(BY_KEY[key], gather(site)))).split())

    return call


@pytest.fixture
def say(site):
    def call(name="", **fields):
        return Section.objects.update_or_create(site=site, name=name, defaults=fields)

    return call


def test_nothing_is_said(site):
    found = discussions_of(site)
    assert (found.everywhere, found.sections) == (("", "standard", "", 0), ())


def test_sections_take_from_the_site_what_they_leave_open(site, say):
    say(closes_after_hours=72, slow_seconds=30)
    say("arts", mode="premoderated", closes_after_hours=0)
    say("news", slow_seconds=5)
    found = discussions_of(site)
    assert found.everywhere == ("", "standard", "3 days", 30)
    assert found.sections == (("arts", "premoderated", "", 30), ("news", "standard", "3 days", 5))
    assert found.premoderated == ["arts"]
    assert [place.name for place in found.closing] == ["arts"]


def test_closing_follows_the_sections(answer, say):
    assert "There is no fixed time" in answer("closing")
    say(closes_after_hours=72)
    say("arts", closes_after_hours=0)
    say("news", closes_after_hours=48)
    text = answer("closing")
    assert "A discussion closes 3 days after its article was published" in text
    assert "In arts: at no fixed time." in text
    assert "In news: 2 days after publication." in text


@pytest.mark.parametrize("question", ["before-or-after", "waiting-time"])
def test_pre_moderation_of_single_articles(answer, story, question):
    assert "moderator reads" not in answer(question)
    Story.objects.filter(pk=story.pk).update(mode="premoderated")
    assert "Under 1 article a moderator reads every comment first today" in answer(question)


@pytest.mark.parametrize("question", ["before-or-after", "waiting-time"])
def test_pre_moderation_of_a_section(answer, say, question):
    say("arts", mode="premoderated")
    assert "In arts a moderator reads every comment before others can" in answer(question)


def test_pre_moderation_of_the_whole_site(answer, say):
    say(mode="premoderated")
    say("sport", mode="standard")
    text = answer("before-or-after")
    assert "At present a moderator reads every comment before others can" in text
    assert "In sport comments that meet no rule appear at once." in text
    assert "Most appear at once" not in text
    assert "What meets no rule appears at once" not in text
    assert "Every comment waits for a moderator at present." in answer("waiting-time")


def test_why_discussions_are_closed(answer, story):
    Story.objects.filter(pk=story.pk).update(mode="closed", closed_reason="legal")
    text = answer("closed-articles")
    assert "0 discussions are open today, 1 is closed." in text
    assert "for legal reasons" in text


def test_picks_are_promised_because_they_are_there(answer):
    assert answer("picks").startswith("Yes. An editor may mark a comment")
