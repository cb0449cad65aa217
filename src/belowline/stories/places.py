"""Keeps the rows of a site, or of one of its sections, among rows that something else has made few."""

from typing import Any, TypeVar

from django.db.models import BigIntegerField, ExpressionWrapper, F, QuerySet, Value

from belowline.stories.models import Site, Story

Rows = TypeVar("Rows", bound=QuerySet[Any, Any])


def in_place(rows: Rows, story: str, site: Site, section: str | None = None) -> Rows:
    """Return the rows whose story is of a site and, where one is named, of a section of it.

    `story` leads from a row to its story, as in "comment__story". The place is asked of each row, never the other way
    round: by `comment__story__site=site` a database may begin with all stories of the site, which is often everything.
    """
    stories = Story.objects.filter(site=site)
    if section is not None:
        stories = stories.filter(section=section)
    # No index serves a sum, and that is what it is for.
    asked = ExpressionWrapper(F(f"{story}_id") + Value(0), output_field=BigIntegerField())
    return rows.alias(place_asked=asked).filter(place_asked__in=stories.values("pk"))
