"""How many comments stories have, for front pages."""

from collections.abc import Iterable

from django.db import connections, router

from belowline.stories.models import Story

QUERY = """
SELECT story.key, story.comment_count FROM stories_story story JOIN stories_site site ON site.id = story.site_id
WHERE site.key = %s AND story.key IN ({})
"""


def comment_counts(site_key: str, keys: Iterable[str]) -> dict[str, int]:
    """Return {key: number of published comments}, in one query; what is no story here has none."""
    wanted = dict.fromkeys(keys, 0)
    if not wanted:
        return {}
    # Written out: front pages ask this all day, and putting the query together would cost more than asking it.
    query = QUERY.format(", ".join(["%s"] * len(wanted)))
    with connections[router.db_for_read(Story)].cursor() as cursor:
        cursor.execute(query, [site_key, *wanted])
        return wanted | dict(cursor.fetchall())
