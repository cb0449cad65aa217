"""Statements in tests: decided by the real actions, and moved into the past where a minute has to go by."""

from datetime import timedelta

import jsonschema
import pytest
from django.utils import timezone
from tiny_database import TinyDatabase

from belowline.moderation.models import Decision
from belowline.moderation.statements.record import problems_of, statement_schema


@pytest.fixture
def long_ago():
    """Move all decisions into the past, so that their authors have been told; keeps their order."""

    def call(days=1):
        count = Decision.objects.count()
        for place, row in enumerate(Decision.objects.order_by("pk")):
            moment = timezone.now() - timedelta(days=days) - timedelta(minutes=10 * (count - place))
            Decision.objects.filter(pk=row.pk).update(created_at=moment)

    return call


@pytest.fixture
def accepted():
    """Fail where a record is wrong, by our check or by the schema."""
    validator = jsonschema.Draft202012Validator(statement_schema())

    def call(record):
        assert problems_of(record) == []
        validator.validate(record)
        return record

    return call


@pytest.fixture
def database():
    """A small Transparency Database, on a port of this machine."""
    made = TinyDatabase()
    yield made
    made.close()
