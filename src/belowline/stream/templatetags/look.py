"""What stands in the head of readers' pages: the paper's own look, and what search engines read."""

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from belowline.comments.public import public_comment, public_comments
from belowline.stories.models import Site, Story
from belowline.stream.structured import address_of, data_block, discussion_data
from belowline.stream.theme import theme_version

register = template.Library()


@register.simple_tag
def look_sheet(site: Site | str | None) -> str:
    """Return the address of the site's own sheet, or "" where it has none, or the page knows no site."""
    if not isinstance(site, Site) or not site.theme:
        return ""
    return f"{reverse('site-theme', args=[site.key])}?v={theme_version(site)}"


@register.simple_tag
def discussion_block(story: Story, limit: int = 20) -> SafeString:
    """Return the discussion with its newest comments in the words of schema.org, as a block of data."""
    return data_block(discussion_data(story, public_comments(story, limit)))


@register.simple_tag(takes_context=True)
def comment_links(context: template.Context, comment_id: int) -> SafeString:
    """Return what the head of a published comment's own page says: its address, its oEmbed, and what it is."""
    comment, here = public_comment(comment_id), address_of(comment_id)
    if comment is None:
        return SafeString("")
    oembed = f"{settings.BASE_URL}{reverse('oembed')}?{urlencode({'url': here})}"
    links = format_html(
        '<link rel="canonical" href="{}">\n'
        '  <link rel="alternate" type="application/json+oembed" href="{}" title="{}">\n  ',
        here,
        oembed,
        comment.author_name,
    )
    return links + data_block(discussion_data(context["story"], [comment]))
