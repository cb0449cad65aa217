"""What Belowline shall know of a page or an article: its key, its address, its text."""

from typing import Any

from django.http import HttpRequest
from django.utils.html import strip_tags

MAX_KEY_CHARACTERS = 200
MAX_STANDFIRST_CHARACTERS = 5_000
MAX_BODY_CHARACTERS = 500_000


def story_key(article: Any) -> str:
    """Return the key of an article: its `belowline_key`, else its kind and number, which outlive its address."""
    own = getattr(article, "belowline_key", "")
    own = own() if callable(own) else own
    kind = "page" if _is_page(article) else article._meta.label_lower  # noqa: SLF001 - Django's documented API
    return str(own or f"{kind}-{article.pk}")[:MAX_KEY_CHARACTERS]


def story_url(article: Any, request: HttpRequest | None = None) -> str:
    """Return the whole address of an article, or "" where nobody knows it."""
    if hasattr(article, "get_full_url"):
        return article.get_full_url(request) or ""
    path = article.get_absolute_url() if hasattr(article, "get_absolute_url") else ""
    return request.build_absolute_uri(path) if request is not None and path else path


def story_fields(article: Any) -> dict[str, Any]:
    """Return what is sent: what the article's own `belowline_story()` says, over title, description and text."""
    found = {
        "title": str(getattr(article, "title", article))[:500],
        "url": story_url(article),
        "body": article_text(article),
    }
    if published := getattr(article, "first_published_at", None):
        found["published_at"] = published.isoformat()
    found["standfirst"] = getattr(article, "search_description", "")[:MAX_STANDFIRST_CHARACTERS]
    own = article.belowline_story() if hasattr(article, "belowline_story") else {}
    return {**found, **own}


def article_text(article: Any) -> str:
    """Return the paragraphs of an article's rich texts and streams; a comment is compared with them."""
    if not _is_page(article):
        return ""
    from wagtail.fields import RichTextField, StreamField
    from wagtail.rich_text import get_text_for_indexing

    parts: list[str] = []
    for field in article._meta.get_fields():  # noqa: SLF001 - as above
        if isinstance(field, RichTextField):
            parts.append(get_text_for_indexing(getattr(article, field.name) or ""))
        elif isinstance(field, StreamField):
            parts += [
                get_text_for_indexing(text) for text in field.get_searchable_content(getattr(article, field.name))
            ]
    return "\n".join(strip_tags(part).strip() for part in parts if part.strip())[:MAX_BODY_CHARACTERS]


def _is_page(article: Any) -> bool:
    from django.apps import apps

    if not apps.is_installed("wagtail"):
        return False
    from wagtail.models import Page

    return isinstance(article, Page)
