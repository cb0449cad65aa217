"""What an address asks for: the parts are read leniently and written in one order."""

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from belowline.comments.orders import ORDERS
from belowline.stream.asked import LAST_PAGE, Asked, query_of, read_asked
from belowline.stream.page_cache import QUERY


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", Asked("newest", 1, 0)),
        ("order=best&page=3&subject=2", Asked("best", 3, 2)),
        ("order=other&page=x&subject=-1", Asked("newest", 1, 0)),
        ("page=0", Asked("newest", 1, 0)),
        (f"page={'9' * 18}", Asked("newest", LAST_PAGE, 0)),
        (f"page={'9' * 400}&subject=%00", Asked("newest", 1, 0)),
        ("order=oldest&order=best", Asked("best", 1, 0)),
        ("page=%D9%A3&subject=%C2%B2", Asked("newest", 1, 0)),
    ],
)
def test_what_is_read(query, expected):
    assert read_asked(QueryDict(query)) == expected


@pytest.mark.parametrize(
    ("here", "asked", "expected"),
    [
        ("", Asked(), ""),
        ("", Asked("best", 2, 3), "?order=best&page=2&subject=3"),
        ("?lang=de&page=7&embed=1&posted=5", Asked(), "?embed=1&lang=de"),
        ("?embed=1&lang=de", Asked("oldest", 9, 0), "?embed=1&order=oldest&page=9&lang=de"),
    ],
)
def test_what_is_written(here, asked, expected):
    assert query_of(RequestFactory().get(f"/discussion/1/{here}"), asked) == expected


@pytest.mark.parametrize("order", ORDERS)
def test_what_is_written_is_kept_as_a_page(order):
    for here in ("", "?embed=1", "?lang=de", "?embed=1&lang=de"):
        for page in (1, 2, 9_999):
            query = query_of(RequestFactory().get(f"/{here}"), Asked(order, page, 4)).removeprefix("?")
            assert QUERY.fullmatch(query)
            assert read_asked(QueryDict(query)) == Asked(order, page, 4)
