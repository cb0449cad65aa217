"""`{% belowline_thread page %}`, and counts for front pages."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from django_belowline import server
from django_belowline.conf import Conf, conf
from django_belowline.stories import story_key, story_url

register = template.Library()


@register.simple_tag(takes_context=True)
def belowline_thread(context: template.Context, article: Any, **options: str) -> SafeString:
    """Return the place of a discussion and the script that fills it; options become data- attributes: theme="dark"."""
    settings, key = conf(), story_key(article)
    language = options.pop("lang", get_language() or "")
    named = {
        "site": settings.site,
        "story": key,
        "url": story_url(article, context.get("request")),
        "lang": language,
        **options,
    }
    attributes = format_html_join(
        "", ' data-{}="{}"', ((name.replace("_", "-"), value) for name, value in named.items() if value)
    )
    included = server.fragment(key, language) if settings.include else ""
    return format_html(
        '<div data-belowline{}>{}</div>\n<script src="{}/embed.js" async></script>',
        attributes,
        mark_safe(included) if included else _link(settings, named),  # noqa: S308 - the site's own comment server made it
        settings.url,
    )


@register.simple_tag
def belowline_count(article: Any) -> SafeString:
    """Return the place of a story's number of comments; `belowline_counts_script` fills it."""
    return format_html('<span data-belowline-count data-story="{}"></span>', story_key(article))


@register.simple_tag
def belowline_counts_script(**words: str) -> SafeString:
    """Return the script that counts; words by plural form: one="{n} comment" other="{n} comments"."""
    settings = conf()
    attributes = format_html_join("", ' data-{}="{}"', words.items())
    return format_html(
        '<script src="{}/counts.js" data-site="{}"{} async></script>', settings.url, settings.site, attributes
    )


def _link(settings: Conf, named: dict[str, str]) -> SafeString:
    query = urlencode({name: named[name] for name in ("site", "story", "url") if named[name]})
    return format_html('<a href="{}/embed/?{}">Comments</a>', settings.url, query)
