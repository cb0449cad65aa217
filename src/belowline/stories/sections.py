"""The sections of a site: those that its stories name, and those that somebody has said something about."""

from typing import NamedTuple

from django.db.models import Count

from belowline.stories.models import Section, Site, Story


class SectionOfSite(NamedTuple):
    """A section with what it says; "" is the whole site."""

    name: str
    says: Section
    """Its row, or an empty one that is not saved."""
    stories: int
    """How many stories name it; of the whole site, all."""


def sections_of(site: Site) -> list[SectionOfSite]:
    """Return the whole site first, then its sections by name."""
    said = {row.name: row for row in Section.objects.filter(site=site)}
    counts = dict(
        Story.objects.filter(site=site).exclude(section="").order_by().values_list("section").annotate(Count("pk"))
    )
    whole = SectionOfSite("", said.pop("", Section(site=site)), Story.objects.filter(site=site).count())
    names = sorted({*said, *counts}, key=str.casefold)
    return [whole, *(SectionOfSite(name, said.get(name, Section(site=site)), counts.get(name, 0)) for name in names)]
