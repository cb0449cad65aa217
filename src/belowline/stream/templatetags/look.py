"""The paper's own look on its readers' pages."""

from django import template
from django.urls import reverse

from belowline.stories.models import Site
from belowline.stream.theme import theme_version

register = template.Library()


@register.simple_tag
def look_sheet(site: Site | str | None) -> str:
    """Return the address of the site's own sheet, or "" where it has none, or the page knows no site."""
    if not isinstance(site, Site) or not site.theme:
        return ""
    return f"{reverse('site-theme', args=[site.key])}?v={theme_version(site)}"
