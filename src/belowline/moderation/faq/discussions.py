"""How a site's discussions go, for the FAQ: what its sections say of modes, closing and slow mode."""

from datetime import timedelta
from typing import NamedTuple

from belowline.moderation.faq.words import duration
from belowline.stories.discussion import Layer, merged, site_layers
from belowline.stories.models import Mode, Site


class Place(NamedTuple):
    """The whole site, or a section that has words of its own, with what holds there."""

    name: str
    """Empty: the whole site."""
    mode: str
    closes_after: str
    """In words; empty: never by itself."""
    slow_seconds: int


class Discussions(NamedTuple):
    """The whole site, and what is another way in its sections."""

    everywhere: Place
    sections: tuple[Place, ...]

    @property
    def premoderated(self) -> list[str]:
        """The sections whose comments a moderator reads first, where the whole site's are not."""
        return [place.name for place in self.sections if place.mode == Mode.PREMODERATED != self.everywhere.mode]

    @property
    def not_premoderated(self) -> list[str]:
        """The sections whose comments appear at once, where the whole site's do not."""
        return [place.name for place in self.sections if place.mode == Mode.STANDARD]

    @property
    def closing(self) -> list[Place]:
        """The sections whose discussions close at another age than everywhere."""
        return [place for place in self.sections if place.closes_after != self.everywhere.closes_after]


def discussions_of(site: Site) -> Discussions:
    """Return how a site's discussions go, where no story says otherwise."""
    layers = site_layers(site)
    base = layers.pop("", Layer())
    sections = (_place(name, merged([layer, base])) for name, layer in sorted(layers.items()))
    return Discussions(_place("", merged([base])), tuple(sections))


def _place(name: str, layer: Layer) -> Place:
    hours = layer.closes_after_hours
    return Place(name, layer.mode, duration(timedelta(hours=hours)) if hours else "", layer.slow_seconds or 0)
