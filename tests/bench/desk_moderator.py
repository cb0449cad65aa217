"""The scripted moderator of the desk's benchmark: keys alone, in Chromium."""

import re
import time
from typing import NamedTuple

from playwright.sync_api import Browser, Page

RULES = ("personal_abuse", "abusive", "hate", "threat", "spam", "profanity")
BAND = 10
"""So many per cent below 100 the band begins: one press of Page Down from the end."""
WATCH = """
window.waits = [];
let pressed = null;
document.addEventListener("keydown", () => { pressed = performance.now(); }, true);
document.addEventListener("desk:shown", event => {
  if (event.target.id !== "card" || pressed === null) return;
  requestAnimationFrame(() => { window.waits.push(performance.now() - pressed); pressed = null; });
});
"""


class Work(NamedTuple):
    """What a moderator did, and what it took."""

    name: str
    decided: int
    keys: int
    seconds: float
    waits_ms: list[float]
    """From a key to the next card on the screen."""
    is_measured: bool = False
    """Whether its keys count for the bound."""


def signed_in(browser: Browser, address: str, email: str, password: str) -> Page:
    """Return a page of a moderator."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{address}/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Sign out").wait_for()
    return page


def key_for(page: Page) -> str:
    """Return the one key that decides: publish every other comment, reject the rest by the rule that was named."""
    number = int(re.findall(r"\((\d+)\)", page.locator("[data-text]").text_content())[-1])
    return "p" if number % 2 else "r"


def one_by_one(page: Page, address: str, count: int, *, reading_ms: int) -> Work:
    """Decide card after card, one key each."""
    page.goto(f"{address}/desk/")
    page.evaluate(WATCH)
    began = time.perf_counter()
    for _ in range(count):
        card = page.locator("[data-card]").get_attribute("data-card")
        if reading_ms:
            page.wait_for_timeout(reading_ms)
        page.keyboard.press(key_for(page))
        page.locator(f'[data-card]:not([data-card="{card}"])').wait_for()
    seconds = time.perf_counter() - began
    if reading_ms:
        seconds -= count * reading_ms / 1_000
    name = "one by one, without reading" if not reading_ms else f"one by one, {reading_ms / 1_000:g} s of reading each"
    return Work(name, count, count, seconds, page.evaluate("window.waits"), is_measured=not reading_ms)


def page_by_page(page: Page, address: str, count: int) -> Work:
    """Decide as a Coral-style queue has it: a key to decide, a key to go on, and nothing is fetched beforehand."""
    page.goto(f"{address}/desk/")
    waits, began = [], time.perf_counter()
    for _ in range(count):
        key = key_for(page)
        pressed = time.perf_counter()
        with page.expect_navigation():
            page.evaluate(
                """outcome => {
                  const form = document.querySelector("[data-decide]"), field = document.createElement("input");
                  field.name = "outcome"; field.value = outcome; form.append(field);
                  HTMLFormElement.prototype.submit.call(form);
                }""",
                "publish" if key == "p" else page.locator("button.rule.met").first.get_attribute("value"),
            )
        waits.append(1_000 * (time.perf_counter() - pressed))
    return Work("page by page, two keys each (Coral-style)", count, 2 * count, time.perf_counter() - began, waits)


def by_bands(page: Page, address: str, count: int) -> Work:
    """Decide a range of one score at once: move the lower handle, reject by the rule; as many rules as it takes."""
    decided, keys = 0, 0
    page.goto(f"{address}/desk/bands/")
    began = time.perf_counter()
    for place, rule in enumerate(RULES):
        if decided >= count:
            break
        keys += tab_to(page, f'.rule-strip a[href*="rule={rule}"]') + 1
        with page.expect_navigation():
            page.keyboard.press("Enter")
        keys += tab_to(page, "#band-from")
        for key in ("End", "PageDown"):
            page.keyboard.press(key)
            keys += 1
        page.locator("[data-says]", has_text=f"from {100 - BAND} to 100").wait_for()
        page.locator(f'#selection [name="from"][value="{100 - BAND}"]').wait_for(state="attached")
        found = int(page.locator("#selection button.bad [data-count]").inner_text().replace(",", ""))
        with page.expect_navigation():
            page.keyboard.press("p" if place % 2 else "r")
        keys += 1
        decided += found
    return Work("by bands", decided, keys, time.perf_counter() - began, [], is_measured=True)


def tab_to(page: Page, selector: str, limit: int = 120) -> int:
    """Press Tab until an element has the focus; return how often."""
    for presses in range(limit):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return presses
        page.keyboard.press("Tab")
    raise RuntimeError(f"{selector} is not reached by {limit} presses of Tab")
