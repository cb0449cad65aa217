"""The tag for links: known without `load`, and safe in an attribute."""

import pytest
from django.template import engines
from django.test import RequestFactory


def render(source, path=None):
    return engines["django"].from_string(source).render({}, RequestFactory().get(path) if path else None)


@pytest.mark.parametrize(
    ("source", "path", "expected"),
    [
        ("{% frame_query %}", "/", ""),
        ("{% frame_query %}", "/?embed=1", "?embed=1"),
        ("{% frame_query %}", "/?embed=1&lang=ar", "?embed=1&amp;lang=ar"),
        ('{% frame_query order="oldest" %}', "/?lang=de", "?order=oldest&amp;lang=de"),
        ('{% frame_query order="oldest" %}', "/", "?order=oldest"),
        ("{% language_query %}", "/?embed=1&lang=ar", "?lang=ar"),
        ("{% language_query %}", "/?embed=1", ""),
        ("{% frame_query %}", "/?lang=%22%3E%3Cscript%3E", ""),
    ],
)
def test_frame_query(source, path, expected):
    assert render(source, path) == expected


def test_what_is_kept_for_everybody_carries_nothing_on():
    assert render("{% frame_query %}") == ""
