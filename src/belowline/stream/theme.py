"""The sheet with a paper's own look."""

import hashlib
import json
from collections.abc import Mapping

from belowline.stories.models import Site
from belowline.stories.theme import ThemeError, check_value, resolve, resolve_plain


def theme_sheet(theme: Mapping[str, str]) -> str:
    """Return CSS that sets the custom properties of belowline.css; "" where the theme changes nothing."""
    plain, light, dark = resolve_plain(theme), resolve(theme, "light"), resolve(theme, "dark")
    rules = [
        _rule(":root", {**plain, **light}),
        "@media (prefers-color-scheme: dark) {\n" + _rule(":root:not([data-theme=light])", dark) + "}\n"
        if dark
        else "",
        _rule(":root[data-theme=dark]", dark),
    ]
    return "".join(rules)


def with_wishes(site: Site, wishes: Mapping[str, str]) -> dict[str, str]:
    """Return the site's theme with what one embed wishes besides; what is written wrongly is left out."""
    good = {name: value for name, value in wishes.items() if _is_written_well(name, value)}
    # A wish for both fonts, or for a colour, also takes the place of what the site says of one of them, or in the dark.
    covered = {f"{name}-dark" for name in good} | ({"sans", "serif"} if "font" in good else set())
    return {name: value for name, value in site.theme.items() if name not in covered} | good


def _is_written_well(name: str, value: str) -> bool:
    try:
        check_value(name, value)
    except ThemeError:
        return False
    return True


def theme_version(site: Site) -> str:
    """Return a short name of the site's theme as it is now; "" where it has none."""
    if not site.theme:
        return ""
    return hashlib.sha256(json.dumps(site.theme, sort_keys=True).encode()).hexdigest()[:10]


def _rule(selector: str, properties: Mapping[str, str]) -> str:
    if not properties:
        return ""
    return f"{selector} {{" + "".join(f" --{name}: {value};" for name, value in properties.items()) + " }\n"
