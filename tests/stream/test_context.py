"""What every page knows: whether it stands in a frame, and whether this is the demo."""

import pytest
from django.test import RequestFactory

from belowline.stream.context import frame


@pytest.mark.parametrize(
    ("path", "headers", "framed"),
    [
        ("/", {}, False),
        ("/?embed=1", {}, True),
        ("/?embed=", {}, True),
        ("/?order=newest", {}, False),
        ("/", {"Sec-Fetch-Dest": "iframe"}, True),
        ("/", {"Sec-Fetch-Dest": "document"}, False),
    ],
)
def test_framed(path, headers, framed):
    assert frame(RequestFactory().get(path, headers=headers)) == {"framed": framed, "demo": False}


def test_the_demo(settings):
    settings.DEMO = True

    assert frame(RequestFactory().get("/"))["demo"] is True
