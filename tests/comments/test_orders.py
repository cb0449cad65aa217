"""The orders stand by themselves: what is read before Django is there."""

import subprocess
import sys

from belowline.comments.orders import DEFAULT_ORDER, ORDERS
from belowline.comments.threads import BY


def test_each_order_is_sorted_by_something_and_the_default_is_one_of_them():
    assert set(BY) == set(ORDERS)
    assert DEFAULT_ORDER in ORDERS


def test_they_are_read_without_django():
    script = "import sys, belowline.comments.orders; sys.exit('django' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
