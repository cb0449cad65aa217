"""How many comments stories have, for front pages."""

from collections.abc import Iterable

from belowline.stories.models import Story


def comment_counts(site_key: str, keys: Iterable[str]) -> dict[str, int]:
    """Return {key: number of published comments}, in one query; what is no story here has none."""
    wanted = dict.fromkeys(keys, 0)
    rows = Story.objects.filter(site__key=site_key, key__in=list(wanted)).values_list("key", "comment_count")
    return wanted | dict(rows)
