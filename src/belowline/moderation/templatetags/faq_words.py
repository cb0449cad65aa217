"""Template filters for shares and thresholds on the FAQ and the transparency page."""

from django import template

from belowline.moderation.faq import words
from belowline.moderation.faq.languages import language_names

register = template.Library()


@register.filter
def as_share(value: float) -> str:
    """Return a share in [0, 1] as per cent, rounded."""
    return words.share(value)


@register.filter
def as_bound(value: float) -> str:
    """Return an upper bound in [0, 1] as per cent, rounded up."""
    return words.bound(value)


@register.filter
def as_threshold(value: float) -> str:
    """Return a threshold in [0, 1] as per cent, exactly."""
    return words.threshold(value)


@register.filter
def language_name(code: str) -> str:
    """Return the name of a language."""
    return language_names([code])


@register.filter
def section_words(section: str) -> str:
    """Return a section's name, or what stands for articles without one."""
    return words.section_words(section)


@register.filter
def desk_words(desk: str) -> str:
    """Return who reads what a rule holds; empty: the moderators."""
    return words.desk_words(desk)
