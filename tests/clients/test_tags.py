"""The template tags of django-belowline, in a plain Django site."""

import re

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory
from django.utils import translation


def attributes(html):
    return dict(re.findall(r' data-([\w-]+)="([^"]*)"', html))


def test_a_thread(server, render, article):
    request = RequestFactory().get("/", headers={"host": "testserver"})
    with translation.override("de"):
        html = render(
            '{% belowline_thread article accent_dark="#fff" theme="dark" %}', article=article, request=request
        )

    assert attributes(html) == {
        "site": "gazette",
        "story": "news.article-7",
        "url": "http://testserver/news/bridge/?a=1&amp;b=2",
        "lang": "de",
        "accent-dark": "#fff",
        "theme": "dark",
    }
    assert "<section>One comment</section>" in html
    assert f'<script src="{server.address}/embed.js" async></script>' in html
    assert server.asked[0][1] == "/fragment/?site=gazette&story=news.article-7&lang=de"


def test_an_article_may_name_its_own_key_and_the_page_a_language(server, render, article):
    article.belowline_key = "bridge"
    assert attributes(render('{% belowline_thread article lang="fr" %}', article=article))["story"] == "bridge"

    article.belowline_key = lambda: "k" * 300
    found = attributes(render('{% belowline_thread article lang="" %}', article=article))
    assert (found["story"], "lang" in found) == ("k" * 200, False)


def test_values_are_text(server, render, article):
    html = render("{% belowline_thread article title=title %}", article=article, title='"><script>alert(1)</script>')

    assert "<script>alert" not in html
    assert "&quot;&gt;&lt;script&gt;" in html


@pytest.mark.parametrize("status", [404, 500])
def test_a_link_stands_where_no_comments_are_to_be_had(server, render, article, status):
    server.status = status
    html = render("{% belowline_thread article %}", article=article)

    assert f'<a href="{server.address}/embed/?site=gazette&amp;story=news.article-7' in html
    assert "One comment" not in html


def test_nothing_is_fetched_where_the_site_says_so(server, render, article, settings):
    settings.BELOWLINE_INCLUDE = False

    assert "<a href=" in render("{% belowline_thread article %}", article=article)
    assert server.asked == []


def test_counts(server, render, article):
    html = render('{% belowline_count article %}{% belowline_counts_script one="{n} comment" %}', article=article)

    assert '<span data-belowline-count data-story="news.article-7"></span>' in html
    assert (
        f'<script src="{server.address}/counts.js" data-site="gazette" data-one="{{n}} comment" async></script>' in html
    )


@pytest.mark.parametrize(
    ("name", "value"), [("BELOWLINE_URL", ""), ("BELOWLINE_URL", "ftp://x"), ("BELOWLINE_SITE", "")]
)
def test_settings_that_are_missing_are_named(server, render, article, settings, name, value):  # noqa: PLR0917 - fixtures
    setattr(settings, name, value)

    with pytest.raises(ImproperlyConfigured, match="BELOWLINE_URL"):
        render("{% belowline_thread article %}", article=article)
