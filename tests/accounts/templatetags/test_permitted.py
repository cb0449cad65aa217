"""{% permitted %}: what a template may offer."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template, TemplateSyntaxError


def render(source, **context):
    return Template("{% load permitted %}" + source + "{% if may %}yes{% else %}no{% endif %}").render(Context(context))


@pytest.mark.parametrize(
    ("place", "expected"),
    [("", "yes"), ("story", "yes"), ("other_story", "no"), ("site=site", "no"), ('site=site section="news"', "yes")],
)
def test_where(local, site, other_site, make_story, place, expected):  # noqa: PLR0917
    context = {
        "user": local(site, section="news"),
        "story": make_story(site),
        "other_story": make_story(other_site),
        "site": site,
    }

    assert render(f'{{% permitted "remove" {place} as may %}}', **context) == expected


def test_readers_strangers_and_pages_without_anybody(reader, story):
    for context in ({"user": reader}, {"user": AnonymousUser()}, {}):
        assert render('{% permitted "remove" story as may %}', story=story, **context) == "no"
        assert render('{% permitted "see_desk" as may %}', **context) == "no"


def test_a_misspelt_action_is_noticed(moderator):
    with pytest.raises((ValueError, TemplateSyntaxError)):
        render('{% permitted "remov" as may %}', user=moderator)
