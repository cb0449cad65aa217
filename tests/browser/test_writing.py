"""Writing in a browser: drafts, preview, quoting, editing, deleting, recommending, reports; and without scripts."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_actions import sign_in, wait_until
from playwright.sync_api import Browser, BrowserContext, Page, expect

TEXT = "The council should say what the *second boat* costs a year before the fares rise."
WOMBAT = "You absolute idiot, you stupid moron, shut up."


def scan(page: Page, what: str) -> None:
    """Fail on anything that axe finds, in the light and in the dark, and on a page wider than its window."""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{what}, {scheme}\n{found.generate_report()}"
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{what} is {wide} pixels wider than its window"


def discussion(newsroom, page: Page, story: str = "harbour-bridge-closed") -> str:
    """Return the address of a discussion."""
    page.goto(f"{newsroom.address}/news/{story}/")
    page.goto(str(page.locator("iframe[title=Comments]").get_attribute("src")))
    return page.url.split("?")[0]


def composer(page: Page):
    return page.locator("#composer textarea")


def post(page: Page, thread: str, text: str) -> int:
    """Post a comment and return its number."""
    page.goto(thread)
    composer(page).fill(text)
    page.locator("#composer button[type=submit]").last.click()
    expect(page.get_by_role("status").filter(has_text="Published")).to_be_visible()
    return int(re.search(r"posted=(\d+)", page.url)[1])


def test_a_draft_is_kept_shown_as_it_will_look_and_gone_after_posting(newsroom, page: Page):
    sign_in(page, newsroom, "reader@example.org")
    thread = discussion(newsroom, page)
    page.goto(thread)
    composer(page).fill(TEXT)
    wait_until(page, "Object.values(localStorage).some(kept => kept.includes('second boat'))")
    page.reload()
    expect(composer(page)).to_have_value(TEXT)
    expect(page.get_by_text("Your draft is restored.")).to_be_visible()
    scan(page, "a restored draft")

    preview = page.get_by_role("button", name="Preview")
    preview.click()
    expect(page.get_by_role("region", name="Preview").locator("em")).to_have_text("second boat")
    expect(preview).to_have_attribute("aria-expanded", "true")
    scan(page, "a preview")
    preview.click()
    expect(page.get_by_role("region", name="Preview")).to_have_count(0)
    composer(page).fill("x" * 2_990)
    expect(page.get_by_text("Characters left: 10")).to_be_visible()

    page.get_by_role("button", name="Discard it").click()
    expect(composer(page)).to_have_value("")
    post(page, thread, TEXT)
    page.goto(thread)
    expect(composer(page)).to_have_value("")


def test_a_selected_passage_is_quoted_by_keyboard(newsroom, page: Page):
    sign_in(page, newsroom, "reader@example.org")
    page.goto(discussion(newsroom, page))
    page.wait_for_load_state("networkidle")  # all scripts, which come after the first paint
    text = page.locator(".comment:has(.reply) .text").first
    words = text.locator("p").first.inner_text()
    text.locator("p").first.evaluate("node => getSelection().selectAllChildren(node)")
    offer = page.get_by_role("button", name="Quote in reply")
    expect(offer).to_be_visible()
    offer.focus()
    page.keyboard.press("Enter")
    reply = page.locator("[data-reply-place] textarea")
    expect(reply).to_be_focused()
    expect(reply).to_have_value("> " + words.replace("\n", "\n> ") + "\n\n")
    scan(page, "a reply with a quotation")


def test_editing_in_time_and_too_late_and_deleting(newsroom, page: Page):
    sign_in(page, newsroom, "reader@example.org")
    thread = discussion(newsroom, page)
    number = post(page, thread, "The detour over the old bridge costs me half an hour every morning.")
    comment = page.locator(f"#c-{number}")
    comment.locator(".more").click()
    menu = page.get_by_role("group", name="More on the comment")
    expect(menu.get_by_role("link", name="Edit")).to_be_visible()
    scan(page, "what an author can do")
    menu.get_by_role("link", name="Edit").click()
    expect(page.locator("[data-seconds]")).to_have_text(re.compile(r"^[0-4]:\d\d$"))
    scan(page, "the page for editing")
    composer(page).fill("The detour over the old bridge costs me an hour every morning.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(f"#c-{number}")).to_contain_text("costs me an hour")
    expect(page.locator(f"#c-{number}")).to_contain_text("edited")

    # A text that would be held: its author is told first.
    page.goto(f"{newsroom.address}/comments/{number}/edit/")
    composer(page).fill(WOMBAT)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("would disappear until a moderator has read it")
    scan(page, "the nudge of an edit")

    page.goto(f"{newsroom.address}/comments/{number}/delete/")
    scan(page, "the page for deleting")
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_text("Your comment is deleted.")).to_be_visible()
    expect(page.locator(f"#c-{number} .text")).to_have_count(0)
    page.goto(f"{newsroom.address}/comments/{number}/edit/")
    expect(page.get_by_role("alert")).to_contain_text("cannot be edited any more")


def test_recommending_in_place(newsroom, page: Page):
    sign_in(page, newsroom, "reader@example.org")
    page.goto(discussion(newsroom, page, "tannery-lane-library"))
    link = page.locator(".comment .recommend").first
    before = int(link.locator("b").inner_text() or 0)
    link.click()
    expect(link.locator("b")).to_have_text(str(before + 1))
    expect(link).to_have_attribute("aria-pressed", "true")
    scan(page, "a recommended comment")
    link.press("Enter")
    expect(link).to_have_attribute("aria-pressed", "false")
    expect(link.locator("b")).to_have_text(str(before or ""))


def report_by(page: Page, newsroom, number: int) -> None:
    page.goto(f"{newsroom.address}/comments/{number}/report/")
    page.get_by_label("Trolling").check()
    page.get_by_label("A word to the moderator").fill("He baits everybody in this thread.")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("status")).to_contain_text("we have your report")


def test_from_the_report_to_its_outcome(newsroom, page: Page, chromium: Browser):
    thread = discussion(newsroom, page, "tram-stopping-goose")
    page.goto(thread)
    number = int(page.locator(".comment .recommend").first.get_attribute("data-recommend") or 0)
    page.goto(f"{newsroom.address}/comments/{number}/report/")
    expect(page.get_by_role("link", name="report illegal content")).to_be_visible()
    scan(page, "a stranger who would report")
    sign_in(page, newsroom, "reader@example.org")
    page.goto(f"{newsroom.address}/comments/{number}/report/")
    scan(page, "the form for a report")
    report_by(page, newsroom, number)
    scan(page, "a report that waits")

    desk = chromium.new_context(viewport={"width": 390, "height": 844}).new_page()
    sign_in(desk, newsroom, "moderator@example.org")
    desk.goto(f"{newsroom.address}/desk/")
    desk.locator(".desk-nav summary").first.click()
    desk.get_by_role("link", name=re.compile(r"^Reported \d")).click()
    expect(desk).to_have_url(re.compile("/desk/reports/"))
    mine = f"{newsroom.address}/desk/reports/?comment={number}"  # other tests may have reported other comments
    desk.goto(mine)
    expect(desk.get_by_text("He baits everybody in this thread.")).to_be_visible()
    scan(desk, "the desk's page of reports on a phone")
    desk.get_by_role("button", name="Keep the comment").click()
    expect(desk.get_by_text("He baits everybody in this thread.")).to_have_count(0)
    desk.get_by_text("Take back what you decided last").click()
    desk.get_by_role("button", name="wait again").first.click()
    expect(desk.get_by_text("Taken back: the reports wait again.")).to_be_visible()
    desk.goto(mine)
    desk.get_by_label("Personal abuse").check()
    desk.get_by_role("button", name="Remove the comment").click()
    expect(desk.get_by_text("Whoever reported it is told.")).to_be_visible()
    desk.context.close()

    page.goto(f"{newsroom.address}/comments/{number}/report/")
    expect(page.get_by_role("status")).to_contain_text("The comment was removed")
    page.goto(thread)
    expect(page.locator(f"#c-{number} .text")).to_have_count(0)


@pytest.fixture
def slow(newsroom, chromium: Browser) -> Iterator[str]:
    """The address of a discussion that an editor has slowed down for a test."""
    context = chromium.new_context()
    page = context.new_page()
    sign_in(page, newsroom, "editor@example.org")
    thread = discussion(newsroom, page, "town-lose-six-nil")
    for seconds in ("5", ""):
        page.goto(f"{thread}controls/")
        page.locator("[name=slow_seconds]").fill(seconds)
        page.locator("main form button").first.click()
        expect(page.get_by_text("Saved. Readers see it at once.")).to_be_visible()
        if seconds:
            yield thread
    context.close()


def test_who_posts_too_fast_is_told_the_seconds(newsroom, page: Page, slow: str):
    """The newsroom of these tests has no least time: a slow mode of an editor's has one."""
    thread = slow
    sign_in(page, newsroom, "reader@example.org")
    post(page, thread, "Six goals, and not one of them was the keeper's fault.")
    composer(page).fill("And the referee was right every time, I am afraid to say.")
    page.locator("#composer button[type=submit]").last.click()
    expect(page.get_by_role("alert")).to_contain_text(re.compile("in [1-5] seconds?"))
    expect(composer(page)).to_have_value("And the referee was right every time, I am afraid to say.")
    expect(page.get_by_role("alert")).to_have_text("You can post now.")
    page.locator("#composer button[type=submit]").last.click()
    expect(page.get_by_role("status").filter(has_text="Published")).to_be_visible()


def test_without_scripts(newsroom, page: Page, chromium: Browser):
    thread = discussion(newsroom, page, "tannery-lane-library")
    context: BrowserContext = chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    sign_in(page, newsroom, "reader@example.org")
    page.goto(thread)
    composer(page).fill("The council should keep the *library* open on three days a week.")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="Preview").locator("em")).to_have_text("library")
    page.locator("#composer button[type=submit]", has_text="Post").click()
    expect(page.get_by_role("status").filter(has_text="Published")).to_be_visible()
    number = int(re.search(r"posted=(\d+)", page.url)[1])
    page.locator(f"#c-{number} .more").click()
    page.get_by_role("link", name="Edit").click()
    expect(page.get_by_role("button", name="Save")).to_be_visible()
    composer(page).fill("The council should keep the library open on three days a week, at least.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(f"#c-{number}")).to_contain_text("at least")
    page.locator(f"#c-{number} .more").click()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_text("Your comment is deleted.")).to_be_visible()

    page.goto(thread)
    link = page.locator(".comment .recommend").first
    other = int(link.get_attribute("data-recommend") or 0)
    link.click()
    page.get_by_role("button", name="Recommend").click()
    expect(page.get_by_text("You recommend this comment.")).to_be_visible()
    report_by(page, newsroom, other)
    page.goto(thread)
    page.locator(f"#c-{other} .reply").click()
    page.wait_for_url("**reply**")
    composer(page).fill("That is what the readers of the branch asked for, and rightly so.")
    page.locator("#composer button[type=submit]", has_text="Post").click()
    expect(page.get_by_role("status").filter(has_text="Published")).to_be_visible()
    context.close()
