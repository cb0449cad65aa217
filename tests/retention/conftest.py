"""Records that are as old as a test says."""

from datetime import timedelta

import pytest
from django.utils import timezone


@pytest.fixture
def age():
    """Let rows be as if they had been made, or have ended, so many days ago."""

    def call(rows, days, *fields):
        moment = timezone.now() - timedelta(days=days)
        rows.update(**dict.fromkeys(fields or ("created_at",), moment))

    return call
