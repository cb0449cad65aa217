"""A stranger reports a comment as illegal, a moderator decides, and the receipt's page says so; axe sees every page."""

import re

from axe_playwright_python.sync_playwright import Axe
from browser_actions import sign_in
from playwright.sync_api import Browser, Page, expect


def scan(page: Page, what: str) -> None:
    """Fail on anything that axe finds, in the light and in the dark, and on a page wider than its window."""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{what}, {scheme}\n{found.generate_report()}"
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{what} is {wide} pixels wider than its window"


def discussion(newsroom, page: Page) -> str:
    """Return the address of a discussion."""
    page.goto(f"{newsroom.address}/news/town-lose-six-nil/")
    return str(page.locator("iframe[title=Comments]").get_attribute("src")).replace("embed=1", "")


def fill(page: Page, name: str) -> None:
    page.get_by_label("What is it?").select_option(label="Hate speech, defamation or other illegal speech")
    page.get_by_label("Why is it illegal?").fill(
        "The first sentence says that our keeper was paid to lose. That is false."
    )
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Your e-mail address").fill(f"{name.lower()}@notifier.example")
    page.get_by_label("I believe in good faith").check()
    page.get_by_role("button", name="Send the notice").click()
    expect(page.get_by_role("heading", name="Your notice")).to_be_visible()


def test_from_the_comment_to_the_decision(newsroom, page: Page, chromium: Browser):
    thread = discussion(newsroom, page)
    page.goto(thread)
    page.get_by_role("link", name="More on the comment").first.click()
    page.get_by_role("link", name="Report illegal content").first.click()
    expect(page.get_by_label("Why is it illegal?")).to_be_visible()
    scan(page, "the form")
    number = re.search(r"/comments/(\d+)/notice/", page.url)[1]
    page.get_by_label("Why is it illegal?").fill("It is")
    page.get_by_role("button", name="Send the notice").click()
    expect(page.get_by_role("alert")).to_contain_text("marked fields")
    expect(page.get_by_label("Why is it illegal?")).to_have_value("It is")
    scan(page, "the form with errors")
    fill(page, "Ada")
    expect(page.get_by_role("status")).to_contain_text("Received")
    scan(page, "the receipt")
    receipt = page.url

    desk = chromium.new_context(viewport={"width": 390, "height": 844}).new_page()
    sign_in(desk, newsroom, "moderator@example.org")
    desk.goto(f"{newsroom.address}/desk/")
    desk.locator(".desk-nav summary").first.click()
    desk.get_by_role("link", name="Notices 1").click()
    expect(desk.get_by_label("Your reason")).to_be_visible()
    scan(desk, "the desk's page of notices on a phone")
    desk.get_by_label("Your reason").fill("A false claim about a person.")
    desk.get_by_role("button", name="Accept and remove").click()
    expect(desk.get_by_role("alert")).to_contain_text("Choose the rule")
    expect(desk.get_by_label("Your reason")).to_have_value("A false claim about a person.")
    scan(desk, "the desk's page with an error")
    desk.get_by_label("Personal abuse").check()
    desk.get_by_role("button", name="Accept and remove").click()
    expect(desk.get_by_text("Accepted: the comment was removed.")).to_be_visible()
    expect(desk.get_by_text("No notice of illegal content waits.")).to_be_visible()
    desk.context.close()

    page.goto(receipt)
    expect(page.get_by_role("status")).to_contain_text("The comment was removed.")
    expect(page.get_by_text("A false claim about a person.")).to_be_visible()
    scan(page, "the decision")
    page.goto(thread)
    expect(page.locator(f"#c-{number} .text")).to_have_count(0)
    assert "To: ada@notifier.example" in newsroom.mails()


def test_by_keyboard_in_the_frame(newsroom, page: Page):
    """The frame on the paper's page: the form opens inside it, and needs no mouse."""
    page.goto(f"{newsroom.address}/news/town-lose-six-nil/")
    frame = page.frame_locator("iframe[title=Comments]")
    frame.get_by_role("link", name="More on the comment").first.focus()
    page.keyboard.press("Enter")
    frame.get_by_role("link", name="Report illegal content").first.focus()
    page.keyboard.press("Enter")
    frame.get_by_label("What is it?").focus()
    page.keyboard.type("Threats")
    page.keyboard.press("Tab")
    page.keyboard.type("The whole of it is a threat against the referee.")
    for text in ("section 241", "Bo", "bo@notifier.example"):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(frame.get_by_role("status")).to_contain_text("Received")
    expect(frame.get_by_text("Threats, or a call for violence")).to_be_visible()
