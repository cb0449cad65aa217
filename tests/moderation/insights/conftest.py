"""A site and its last days."""

from datetime import timedelta

import pytest
from django.utils import timezone

from belowline.moderation.insights.scope import Scope


@pytest.fixture
def scope(site):
    """Build the scope of a site that ends now."""

    def call(days=30, of=site):
        return Scope(of, days, timezone.now())

    return call


@pytest.fixture
def ago():
    """A moment so many days before now."""

    def call(days=0, **more):
        return timezone.now() - timedelta(days=days, **more)

    return call
