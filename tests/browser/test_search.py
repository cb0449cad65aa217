"""The desk's search by keyboard and mouse: found words, choosing several, one decision about them, and the way back."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_actions import press_until, sign_in
from playwright.sync_api import Page, expect

SIZES = {"desktop": (1280, 900), "phone": (390, 844)}


def scan(page: Page, what: str) -> None:
    """Fail on anything that axe finds, and on a page wider than its window."""
    found = Axe().run(page)
    assert found.violations_count == 0, f"{what}\n{found.generate_report()}"
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{what} is {wide} pixels wider than its window"


@pytest.fixture
def desk(page: Page, newsroom) -> Page:
    sign_in(page, newsroom, "moderator@example.org")
    return page


def test_from_words_to_a_decision_and_back(desk, newsroom):
    desk.goto(f"{newsroom.address}/desk/search/")
    expect(desk.get_by_label("Words", exact=True)).to_be_focused()
    desk.keyboard.type("ferry")
    desk.keyboard.press("Enter")
    boxes = desk.locator("input[name=chosen]")
    expect(desk.locator("mark").first).to_have_text("ferry", ignore_case=True)
    many = boxes.count()
    assert many > 1

    desk.get_by_role("link", name="Choose all").click()
    expect(desk.locator("[data-count]")).to_have_text(f"({many})")
    desk.get_by_role("link", name="Choose none").click()
    expect(desk.locator("input[name=chosen]:checked")).to_have_count(0)
    boxes.first.check()
    boxes.nth(1).click(modifiers=["Shift"])
    expect(desk.locator("[data-count]")).to_have_text("(2)")
    desk.get_by_label("Rule, to reject or to remove").select_option(index=1)
    desk.get_by_role("button", name="Reject or remove").click()
    toast = desk.locator("[data-toast]")
    expect(toast).to_be_visible()
    toast.get_by_role("button", name="Undo").click()
    expect(desk.get_by_text("Taken back").first).to_be_visible()


def test_the_filters_open_by_keyboard(desk, newsroom):
    desk.goto(f"{newsroom.address}/desk/search/?q=&status=published")
    expect(desk.get_by_label("Status")).to_be_visible()
    press_until(desk, "Search", role="button")


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_axe_finds_nothing(desk, newsroom, size):
    desk.set_viewport_size({"width": size[0], "height": size[1]})
    for scheme in ("dark", "light"):
        desk.emulate_media(color_scheme=scheme)
        for address in ("/desk/search/", "/desk/search/?q=the&status=published", "/desk/search/?q=", "/desk/reports/"):
            desk.goto(newsroom.address + address)
            scan(desk, f"{address}, {scheme}, {size}")
