"""The paper's own look: which properties it may set, how each is written, and that text stays readable (WCAG 1.4.3)."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from belowline.stories.errors import StoryError

COLOUR = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_FAMILY = (
    r"""(?:[A-Za-z][A-Za-z0-9-]*(?: [A-Za-z0-9-]+)*|"[A-Za-z0-9][A-Za-z0-9 ._-]*"|'[A-Za-z0-9][A-Za-z0-9 ._-]*')"""
)
FAMILIES = re.compile(rf"{_FAMILY}(?:, ?{_FAMILY}){{0,9}}")
RADIUS = re.compile(r"(?:[0-9]|[12][0-9]|3[0-2])px")
TEXT = re.compile(r"(?:8[5-9]|9[0-9]|1[0-4][0-9]|150)%")
MAX_CHARACTERS = 300

COLOURS = ("accent", "accent-ink", "paper", "ink", "quiet", "line")
FONTS = ("sans", "serif", "font")
"""`font` stands for both."""
NAMES = (*COLOURS, *(f"{name}-dark" for name in COLOURS), *FONTS, "radius", "text")
HOW = {
    **dict.fromkeys((*COLOURS, *(f"{name}-dark" for name in COLOURS)), (COLOUR, "a colour like #0a5a63")),
    **dict.fromkeys(FONTS, (FAMILIES, 'names of fonts, parted by commas, like "Source Serif 4", Georgia, serif')),
    "radius": (RADIUS, "0px to 32px"),
    "text": (TEXT, "85% to 150%"),
}

READABLE = 4.5
"""The least contrast of text with what is behind it."""
LIGHT_PAPER, DARK_PAPER = 0.7, 0.05
"""The least luminance of a light paper, and the greatest of a dark one: the colours of outcomes stand on both."""


class Scheme(NamedTuple):
    """The colours that are shipped."""

    paper: str
    ink: str
    quiet: str
    line: str
    accent: str


SHIPPED = {
    "light": Scheme("#ffffff", "#1c1b19", "#5c5952", "#dedbd2", "#0a5a63"),
    "dark": Scheme("#16181a", "#eceae5", "#a9a69e", "#363a3e", "#6cc5cd"),
}
"""As in belowline.css."""


class ThemeError(StoryError):
    """A property of a theme is unknown or written wrongly."""

    code = "invalid_theme"


def clean_theme(values: Mapping[str, str]) -> dict[str, str]:
    """Return the properties of a theme as they are kept; empty values are left out.

    Raises:
        ThemeError: a property that there is not, or a value that is none: `invalid_theme`; text that could not be
            read well: `low_contrast`, with the nearest colour that would do.
    """
    found = {name: value.strip() for name, value in values.items() if value.strip()}
    for name, value in found.items():
        check_value(name, value)
    kept = {name: value.lower() if name in HOW and HOW[name][0] is COLOUR else value for name, value in found.items()}
    for scheme in SHIPPED:
        _check_contrast(kept, scheme)
    return kept


def check_value(name: str, value: str) -> None:
    """Check the way that one property is written.

    Raises:
        ThemeError: `invalid_theme`.
    """
    if name not in HOW:
        raise ThemeError(f"there is no property {name[:40]}; there are: {', '.join(NAMES)}")
    pattern, words = HOW[name]
    if len(value) > MAX_CHARACTERS or not pattern.fullmatch(value):
        raise ThemeError(f"{name} is written as {words}")


def resolve(theme: Mapping[str, str], scheme: str) -> dict[str, str]:
    """Return the custom properties of belowline.css that a theme sets in a scheme: "light" or "dark".

    What the theme leaves open follows from what it sets; text that could not be read is mended, not shown.
    """
    given = _given(theme, scheme)
    found = _page(given, scheme)
    if "accent" in given or found:
        found |= _accent(given, {**SHIPPED[scheme]._asdict(), **found})
    return found


def resolve_plain(theme: Mapping[str, str]) -> dict[str, str]:
    """Return the custom properties that are the same in the light and in the dark."""
    font = theme.get("font", "")
    named = {"sans": theme.get("sans", font), "serif": theme.get("serif", font)}
    named |= {"radius": theme.get("radius", ""), "text": theme.get("text", "")}
    return {name: value for name, value in named.items() if value}


def _given(theme: Mapping[str, str], scheme: str) -> dict[str, str]:
    suffix = "-dark" if scheme == "dark" else ""
    given = {name: long_colour(theme[name + suffix]) for name in COLOURS if name + suffix in theme}
    if scheme == "dark" and "accent" in theme:
        given.setdefault("accent", long_colour(theme["accent"]))
    return given


def _page(given: Mapping[str, str], scheme: str) -> dict[str, str]:
    """Return the colours of paper and text, if any of them is set."""
    shipped = SHIPPED[scheme]
    if not {"paper", "ink", "quiet", "line"} & given.keys():
        return {}
    paper = given.get("paper", shipped.paper)
    if not _suits(paper, scheme):
        paper = shipped.paper
    raised = mix(given.get("ink", shipped.ink), paper, 0.04)
    ink = mend(given.get("ink", shipped.ink), [paper, raised])
    quiet = mend(given.get("quiet", mix(ink, paper, 0.72)), [paper, raised])
    line = given.get("line", mix(ink, paper, 0.16))
    return {"paper": paper, "raised": raised, "line": line, "ink": ink, "quiet": quiet}


def _accent(given: Mapping[str, str], page: Mapping[str, str]) -> dict[str, str]:
    """Return the accent, the text on it, and its soft ground."""
    paper = page["paper"]
    wished = given.get("accent", page["accent"])
    raised = page.get("raised", mix(page["ink"], paper, 0.04))
    accent = mend(wished, [paper, raised, mix(wished, paper, 0.12)])
    soft = mix(accent, paper, 0.12)
    accent = mend(accent, [paper, raised, soft])
    best = max(("#ffffff", "#101010"), key=lambda ink: contrast(ink, accent))
    return {"accent": accent, "accent-ink": mend(given.get("accent-ink", best), [accent]), "accent-soft": soft}


def _check_contrast(theme: Mapping[str, str], scheme: str) -> None:
    """Refuse what `resolve` would have to mend."""
    given, found = _given(theme, scheme), resolve(theme, scheme)
    suffix = "-dark" if scheme == "dark" else ""
    for name, value in given.items():
        if f"{name}{suffix}" not in theme or found[name] == value:
            continue
        if name == "paper":
            raise ThemeError(f"paper{suffix} is no {scheme} colour: {value}", code="low_contrast")
        ground = found["accent"] if name == "accent-ink" else found.get("paper", SHIPPED[scheme].paper)
        ratio = f"{contrast(value, ground):.1f} : 1 on {ground}"
        mended = f"text needs {READABLE} : 1 there and on its own tint (WCAG 1.4.3); {found[name]} would do"
        raise ThemeError(f"{name}{suffix} {value} reaches {ratio}; {mended}", code="low_contrast")


def _suits(paper: str, scheme: str) -> bool:
    return luminance(paper) >= LIGHT_PAPER if scheme == "light" else luminance(paper) <= DARK_PAPER


def mend(colour: str, grounds: list[str]) -> str:
    """Return the colour, or the nearest one towards black or white that can be read on all grounds."""
    if _is_readable(colour, grounds):
        return colour
    end = max(("#000000", "#ffffff"), key=lambda one: min(contrast(one, ground) for ground in grounds))
    steps = (mix(end, colour, step / 50) for step in range(1, 51))
    return next((one for one in steps if _is_readable(one, grounds)), end)


def _is_readable(colour: str, grounds: list[str]) -> bool:
    return all(contrast(colour, ground) >= READABLE for ground in grounds)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21, as WCAG 2 defines it."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, 0 to 1, as WCAG 2 defines it."""
    parts = [part / 255 for part in _channels(colour)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - the formula's numbers
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def mix(one: str, other: str, share: float) -> str:
    """Return a colour between two, with so large a share of the first, 0 to 1."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def long_colour(colour: str) -> str:
    """Return a colour with six digits, in lower case."""
    digits = colour[1:].lower()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))  # noqa: PLR2004 - #rrggbb


def _channels(colour: str) -> tuple[int, int, int]:
    digits = long_colour(colour)[1:]
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
