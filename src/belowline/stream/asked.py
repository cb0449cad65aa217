"""What a reader asks of a discussion's page by its address: the order, the page, a subject."""

import re
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils.http import urlencode

from belowline.comments.ids import parse_id
from belowline.comments.orders import DEFAULT_ORDER, ORDERS, Order
from belowline.stream.frames import is_framed
from belowline.stream.languages import asked_language

LAST_PAGE = 9_999
PARTS = (
    "embed=1",
    f"order=(?:{'|'.join(ORDERS)})",
    r"page=[1-9]\d{0,3}",
    r"subject=[1-9]\d?",
    f"lang=(?:{'|'.join(code for code, _ in settings.LANGUAGES)})",
)
QUERY = re.compile("".join(f"(?:{part}(?:&(?!$)|$))?" for part in PARTS))
"""Each part once at most, in this order: one page is not kept under many names."""
JSON_QUERY = re.compile(r"(?:before=[1-9]\d{0,17})?")
"""The same, for a discussion as JSON."""


class Asked(NamedTuple):
    """What is asked for; nonsense counts as not asked."""

    order: Order = DEFAULT_ORDER
    page: int = 1
    subject: int = 0
    """The number of a subject under discussion; 0: all."""


def read_asked(query: QueryDict) -> Asked:
    """Return what an address asks for."""
    order = next((one for one in ORDERS if one == query.get("order")), DEFAULT_ORDER)
    page, subject = (parse_id(query.get(name, "")) or 0 for name in ("page", "subject"))
    return Asked(order, min(max(page, 1), LAST_PAGE), min(subject, LAST_PAGE))


def query_of(request: HttpRequest, asked: Asked) -> str:
    """Return the query that asks for it, with its parts in the order in which pages are kept; empty for none."""
    parts = {
        "embed": "1" if is_framed(request) else "",
        "order": "" if asked.order == DEFAULT_ORDER else asked.order,
        "page": "" if asked.page == 1 else asked.page,
        "subject": asked.subject or "",
        "lang": asked_language(request),
    }
    query = urlencode({name: value for name, value in parts.items() if value})
    return f"?{query}" if query else ""
