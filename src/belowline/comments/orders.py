"""The orders in which a discussion can be read; pure, so that the cache before Django reads them without tables."""

from typing import Literal, get_args

Order = Literal["picks", "best", "recommended", "newest", "oldest", "discussed"]
ORDERS: tuple[Order, ...] = get_args(Order)
DEFAULT_ORDER: Order = "newest"
