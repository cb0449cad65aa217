"""Every page by axe, by keyboard alone, on a phone, and in the dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_actions import press_until, sign_in, wait_until
from playwright.sync_api import Browser, Page, expect

PUBLIC = (
    "/faq/",
    "/transparency/quillhaven/",
    "/transparency/quillhaven/models/abuse/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/login/code/",
    "/accounts/signup/passkey/",
    "/accounts/password/reset/",
    "/usage/",
    "/nope/",
)
DESK = tuple(
    f"/desk/{page}"
    for page in (
        *("", "overview/", "bands/", "reports/", "appeals/", "notices/", "escalated/", "newsroom/", "corrections/"),
        *("audit/", "sanctions/", "history/", "search/?q=bridge", "stories/", "insights/", "guarantees/", "policy/"),
        *("faq/", "templates/", "handover/", "people/", "digests/"),
    )
)
PRIVATE = ("/me/", "/accounts/logout/", "/accounts/2fa/", "/accounts/password/change/", "/accounts/email/")
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}


def discussion(newsroom, page: Page) -> str:
    """Return the address of a discussion with replies."""
    page.goto(f"{newsroom.address}/news/tram-stopping-goose/")
    return str(page.locator("iframe[title=Comments]").get_attribute("src"))


def check(page: Page, address: str) -> None:
    """Fail on anything that axe finds, and on a page wider than its window."""
    page.goto(address)
    found = Axe().run(page)
    assert found.violations_count == 0, f"{address}\n{found.generate_report()}"
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{address} is {wide} pixels wider than its window"


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_axe_finds_nothing(newsroom, chromium: Browser, size, scheme):
    size = SIZES[size]
    context = chromium.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    thread = discussion(newsroom, page)
    for path in ("/", "/news/tram-stopping-goose/", "/demo/mail/", *PUBLIC):
        check(page, newsroom.address + path)
    check(page, thread)
    check(page, f"{newsroom.address}/comments/1/embed/")
    sign_in(page, newsroom, "moderator@example.org")
    for path in (*DESK, *PRIVATE):
        check(page, newsroom.address + path)
    check(page, thread)
    check(page, page.url.split("?")[0] + "?reply=1")
    context.close()


def test_a_reader_by_keyboard_alone(newsroom, chromium: Browser):
    page = chromium.new_context().new_page()
    page.goto(f"{newsroom.address}/accounts/login/")
    press_until(page, "Email", "textbox")
    page.keyboard.type("reader@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type("demo-password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="My comments")).to_be_visible()
    page.goto(discussion(newsroom, page).replace("embed=1", ""))
    press_until(page, "Your comment", "textbox")
    page.keyboard.type("I am late for school because of this goose, and the tram driver waves at her.")
    press_until(page, "Post", "button")
    page.keyboard.press("Enter")
    expect(page.locator("#outcome")).to_contain_text("Published")
    press_until(page, "Reply to Robin Marsh")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your reply to Robin Marsh")).to_be_focused()
    page.keyboard.type("She even stops the tram in the rain.")
    press_until(page, "Post", "button", within=page.locator("[data-reply-place] form"))
    page.keyboard.press("Enter")
    expect(page.locator("article.comment", has_text="She even stops the tram in the rain.").first).to_be_visible()
    expect(page.locator("#outcome")).to_contain_text("Published")
    page.context.close()


def test_a_moderator_by_keyboard_alone(newsroom, chromium: Browser):
    page = chromium.new_context().new_page()
    sign_in(page, newsroom, "moderator@example.org")
    page.goto(f"{newsroom.address}/desk/")
    first = page.locator("#current-title").inner_text()
    waiting = int(page.get_by_role("heading", name="Held", level=1).inner_text().split()[-1])
    page.keyboard.press("j")
    expect(page.locator(".queue a[aria-current]")).not_to_have_attribute(
        "href", page.locator(".queue a").first.get_attribute("href")
    )
    page.keyboard.press("k")
    expect(page.locator("#current-title")).to_have_text(first)
    page.keyboard.press("r")
    expect(page.get_by_text("Rejected: the comment by")).to_be_visible()
    expect(page.get_by_role("heading", name="Held", level=1)).to_contain_text(str(waiting - 1))
    page.keyboard.press("u")
    expect(page.get_by_text("Taken back")).to_be_visible()
    page.keyboard.press("p")
    expect(page.get_by_text("Published: the comment by")).to_be_visible()
    page.keyboard.press("u")
    expect(page.get_by_role("heading", name="Held", level=1)).to_contain_text(str(waiting))
    page.context.close()


def test_frame_grows_with_its_page(newsroom, page: Page):
    page.goto(f"{newsroom.address}/news/tram-stopping-goose/")
    frame = page.locator("iframe[title=Comments]")
    expect(page.frame_locator("iframe[title=Comments]").get_by_role("article").first).to_be_visible()
    wait_until(page, "document.querySelector('iframe').offsetHeight > 1000")
    inner = frame.element_handle().content_frame().evaluate("document.documentElement.scrollHeight")
    assert abs(frame.bounding_box()["height"] - inner) <= 2


def scan(page: Page, what: str) -> None:
    """Fail on anything that axe finds on the page as it stands, in the light and in the dark."""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{what}, {scheme}\n{found.generate_report()}"


def test_axe_finds_nothing_on_what_follows_a_form(newsroom, chromium: Browser):
    context = chromium.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{newsroom.address}/accounts/signup/")
    page.get_by_label("Email").fill("no address")
    page.locator("form[action*=signup]").evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
    expect(page.get_by_role("alert").first).to_be_visible()
    scan(page, "sign-up with errors")
    page.get_by_label("Email").fill("axe@example.org")
    page.get_by_label("Display name").fill("Grey Gull")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_label("Code")).to_be_visible()
    scan(page, "code")
    page.get_by_label("Code").fill(newsroom.code_for("axe@example.org"))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_label("Code")).to_have_count(0)
    thread = discussion(newsroom, page)
    page.goto(thread)
    thread = page.url.split("?")[0]
    for text, outcome in (
        ("This goose has made me late for school all week, and the tram driver just waits for it.", "Published"),
        ("You are all pathetic idiots, shut up about your goose.", "Nothing is posted yet"),
        ("goose " * 600, "shorten"),
    ):
        page.goto(thread)
        page.get_by_label("Your comment").fill(text)
        page.get_by_role("button", name="Post", exact=True).click()
        expect(page.locator("#outcome, .composer [role=alert]").first).to_contain_text(outcome)
        scan(page, outcome)
        if outcome == "Nothing is posted yet":
            page.get_by_role("button", name="Post as it is").click()
            expect(page.locator("#outcome")).to_contain_text("Held for a moderator")
            scan(page, "held")
    page.goto(f"{newsroom.address}/me/")
    scan(page, "my comments with a held one")
    page.goto(thread)
    context.clear_cookies(name="belowline_session")
    page.get_by_label("Your comment").fill("Too late.")
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_label("Your text")).to_have_value("Too late.")
    scan(page, "signed out meanwhile")
    context.close()
