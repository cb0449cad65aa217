"""A paper gives its readers' pages its own look."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F

from belowline.events import tags
from belowline.events.models import record_event
from belowline.stories.models import Site, Story
from belowline.stories.theme import clean_theme


def save_theme(*, site: Site, theme: Mapping[str, str]) -> dict[str, str]:
    """Keep the theme of a site, in the place of the one before; return it as it is kept. Empty: the shipped look.

    The caller is the operator at the command line: nobody else is asked for.

    Raises:
        ThemeError: a property is unknown, written wrongly, or would make text hard to read.
    """
    kept = clean_theme(theme)
    with transaction.atomic():
        site.theme = kept
        site.save(update_fields=["theme"])
        # Their pages name the sheet by its version.
        Story.objects.filter(site=site).update(thread_version=F("thread_version") + 1)
        record_event(tags.SITE_THEMED, subject_id=site.pk, site_id=site.pk, properties=sorted(kept))
    return kept
