"""One kind of page."""

from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page


class ArticlePage(Page):
    """An article."""

    intro = RichTextField(blank=True)
    body = StreamField([("paragraph", blocks.RichTextBlock())], blank=True)
