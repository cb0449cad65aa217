"""The desk's menus and its pages of figures in a browser: by keyboard, on a phone, in the dark."""

import pytest
from browser_actions import press_until, sign_in
from page_rules import faults
from playwright.sync_api import Browser, Page, expect

PAGES = ("overview/", "overview/?section=Politics", "insights/")
SIZES = {"desktop": (1280, 900), "phone": (390, 844), "small": (320, 640)}


@pytest.fixture(scope="module")
def session(newsroom, chromium: Browser):
    """A moderator who has signed in once."""
    context = chromium.new_context()
    sign_in(context.new_page(), newsroom, "moderator@example.org")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def desk(newsroom, chromium: Browser, session):
    """Open a page of the desk in a window of some size."""
    contexts = []

    def call(path: str, size: str = "desktop", scheme: str = "light") -> Page:
        width, height = SIZES[size]
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            reduced_motion="reduce",
            storage_state=session,
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{newsroom.address}/desk/{path}")
        return page

    yield call
    for context in contexts:
        context.close()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark"), ("small", "light")])
def test_the_pages_keep_the_rules_of_every_page(desk, path, size, scheme):
    assert faults(desk(path, size, scheme)) == []


def test_work_stands_in_view_where_there_is_room(desk):
    page = desk("policy/")

    expect(page.get_by_role("link", name="Held", exact=False).first).to_be_visible()
    expect(page.locator(".desk-nav .work > summary")).to_be_hidden()
    expect(page.get_by_role("link", name="Guarantees")).to_be_hidden()


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_menus_open_and_close_by_keyboard(desk, size):
    page = desk("policy/", size)
    figures = page.locator(".desk-nav summary", has_text="Figures")
    figures.focus()
    page.keyboard.press("Enter")
    insights = page.get_by_role("link", name="Insights", exact=True)
    expect(insights).to_be_visible()
    assert faults(page) == []

    figures.focus()
    page.keyboard.press("Escape")
    expect(insights).to_be_hidden()
    expect(figures).to_be_focused()
    page.keyboard.press("Enter")
    press_until(page, "Insights", limit=3)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Insights", level=1)).to_be_visible()


def test_one_menu_at_a_time(desk):
    page = desk("policy/", "phone")
    for name in ("Work", "Figures"):
        page.locator(".desk-nav summary", has_text=name).click()
    expect(page.locator(".desk-nav details[open]")).to_have_count(1)
    page.get_by_role("heading", level=1).click(position={"x": 2, "y": 2}, force=True)
    expect(page.locator(".desk-nav details[open]")).to_have_count(0)


def test_a_picture_comes_as_a_file(desk):
    page = desk("insights/")
    with page.expect_download() as download:
        page.locator("#stories a[download]").click()

    assert download.value.suggested_filename.startswith("stories-quillhaven-30-days-")
    assert download.value.path().read_text("utf-8-sig").startswith("story,section,comments,")
