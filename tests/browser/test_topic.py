"""The road of an off-topic comment: held, explained by one tap, published by a moderator; and the desk's new pages."""

import itertools

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_actions import sign_in
from playwright.sync_api import Browser, Page, expect

ELSEWHERE = (
    "Which cordless drill do you recommend? Mine overheats after ten holes in a plaster wall, and the battery charger "
    "smells of burnt plastic. My brother-in-law swears by the green brand from the hardware shop, number {}."
)
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
numbers = itertools.count(1)


def open_ferry(page: Page, newsroom) -> str:
    """Open the discussion under the ferry's story as a page of its own; return its address."""
    page.goto(newsroom.address)
    page.get_by_role("link", name="Ferry to Ravel Island").click()
    address = str(page.locator("iframe[title=Comments]").get_attribute("src"))
    page.goto(address if address.startswith("http") else newsroom.address + address)
    page.goto(page.url.split("?")[0])
    return page.url


@pytest.fixture
def posted(page: Page, newsroom):
    """A reader has posted something about something else; returns the number in it."""
    number = f"{next(numbers)}{next(numbers)}"
    sign_in(page, newsroom, "reader@example.org")
    open_ferry(page, newsroom)
    page.get_by_label("Your comment").fill(ELSEWHERE.format(number))
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.locator("#nudge, #outcome")).to_be_visible()
    if page.locator("#nudge").count():  # not for ever: who was nudged a few times is left in peace
        page.get_by_role("button", name="Post as it is").click()
    expect(page.locator("#outcome")).to_contain_text("Held for a moderator")
    return number


@pytest.fixture
def desk(newsroom, chromium: Browser):
    """A moderator's browser."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    made = context.new_page()
    sign_in(made, newsroom, "moderator@example.org")
    yield made
    context.close()


def test_one_tap_is_read_by_the_moderator_who_publishes(page, newsroom, posted, desk):
    outcome = page.locator("#outcome")
    expect(outcome).to_contain_text("it seems to be about something else than “Ferry to Ravel Island")
    outcome.get_by_role("button", name="It is my own experience with this").click()
    expect(page.get_by_text("Thank you. The moderator reads this beside your comment.")).to_be_visible()
    expect(outcome).to_contain_text("What you told the moderator")

    desk.goto(f"{newsroom.address}/desk/")
    desk.get_by_role("navigation", name="Waiting comments").get_by_role("link").filter(
        has_text="Which cordless drill"
    ).last.click()
    card = desk.get_by_role("region", name="Does it belong here?")
    expect(card).to_contain_text("It is my own experience with this.")
    expect(card).to_contain_text("Nearest passage")
    desk.get_by_role("button", name="Publish").click()
    expect(desk.get_by_text("Published: the comment by Robin Marsh.")).to_be_visible()

    page.goto(f"{newsroom.address}/me/")
    own = page.get_by_role("article").filter(has_text=f"number {posted}")
    expect(own).to_contain_text("Published by a person")
    expect(own.get_by_text("How does it belong here?")).to_have_count(0)


def test_own_words_and_the_nearest_passage(page, posted):
    outcome = page.locator("#outcome")
    passage = outcome.get_by_role("button", name="It is about this part:")
    expect(passage).to_be_visible()
    outcome.get_by_label("Or in your own words").fill("The ferry's workshop sells these drills.")
    page.keyboard.press("Enter")
    expect(outcome.locator("blockquote")).to_have_text("The ferry's workshop sells these drills.")
    outcome.get_by_text("Say it otherwise").click()
    passage.click()
    expect(outcome.locator("blockquote")).to_contain_text("It is about this part: “")


def scan(page: Page, what: str) -> None:
    """Fail on anything that axe finds, and on a page wider than its window."""
    found = Axe().run(page)
    assert found.violations_count == 0, f"{what}\n{found.generate_report()}"
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{what} is {wide} pixels wider than its window"


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_axe_finds_nothing_on_the_pages(page, newsroom, posted, desk, size):
    for one in (page, desk):
        one.set_viewport_size({"width": size[0], "height": size[1]})
    scan(page, "the outcome")
    desk.goto(f"{newsroom.address}/desk/stories/")
    desk.get_by_role("link", name="The 7.42 is being held").click()
    expect(desk.get_by_role("heading", name="The 7.42 is being held")).to_be_visible()
    story = desk.url
    for scheme in ("dark", "light"):
        desk.emulate_media(color_scheme=scheme)
        for address in ("/desk/newsroom/", "/desk/corrections/", "/desk/stories/"):
            desk.goto(newsroom.address + address)
            scan(desk, f"{address}, {scheme}")
        desk.goto(story)
        scan(desk, f"the story, {scheme}")


def test_the_map_leads_to_the_comments(newsroom, desk):
    desk.goto(f"{newsroom.address}/desk/stories/")
    desk.get_by_role("link", name="The 7.42 is being held").click()
    expect(desk.get_by_role("heading", name="What the comments are about")).to_be_visible()
    desk.locator("svg.map a").first.click()
    expect(desk.locator("#comments")).to_be_visible()
    expect(desk.locator(".subject-comments li").first).to_be_visible()
    expect(desk.locator(".subjects a[aria-current]")).to_have_count(1)


def test_the_switch_of_a_story(newsroom, desk):
    desk.goto(f"{newsroom.address}/desk/stories/")
    desk.get_by_role("link", name="Dot Applegarth").click()
    desk.get_by_role("button", name="Switch it off for this story").click()
    expect(desk.get_by_text("Topic judgement: off.")).to_be_visible()
    desk.get_by_role("button", name="Switch it on again").click()
    expect(desk.get_by_text("Topic judgement: on.")).to_be_visible()
