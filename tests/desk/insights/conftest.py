"""Whoever looks at the insights of a site."""

import pytest
from django.utils import timezone

from belowline.desk.insights.picture import Looking
from belowline.moderation.engine import site_policy
from belowline.moderation.insights.scope import Scope


@pytest.fixture
def looking(site, moderator):
    """A moderator, or somebody else, looks at so many days."""

    def call(viewer=moderator, days=30):
        return Looking(Scope(site, days, timezone.now()), site_policy(site), viewer)

    return call
