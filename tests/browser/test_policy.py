"""The road of a changed policy: edited, wrong, mended, rehearsed, activated, rolled back; and its pages by axe."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_actions import sign_in
from playwright.sync_api import Browser, Page, expect

SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
OLD, NEW = 'score = "insult"\nhold = 0.75', 'score = "insult"\nhold = 0.05'


def open_editor(page: Page, newsroom) -> str:
    """Open the editor as an administrator; return the text in it."""
    page.goto(f"{newsroom.address}/desk/policy/")
    page.get_by_role("link", name="Change the policy").click()
    return page.get_by_label("The policy as TOML").input_value()


def rehearse(page: Page, text: str) -> None:
    page.get_by_label("The policy as TOML").fill(text)
    page.get_by_role("button", name="Rehearse").click()


def check(page: Page, what: str) -> None:
    """Fail on anything that axe finds on the page as it stands, and on one wider than its window."""
    found = Axe().run(page)
    assert found.violations_count == 0, f"{what}\n{found.generate_report()}"
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{what} is {wide} pixels wider than its window"


def test_edited_rehearsed_activated_and_rolled_back(page, newsroom):
    sign_in(page, newsroom, "editor@example.org")
    text = open_editor(page, newsroom)
    assert OLD in text

    rehearse(page, text.replace(OLD, OLD.replace("0.75", "7.5")))
    expect(page.get_by_role("alert")).to_contain_text("rules.personal_abuse.hold")
    expect(page.get_by_role("alert").locator("mark")).to_have_text("hold = 7.5")
    expect(page.get_by_label("The policy as TOML")).to_have_value(text.replace(OLD, OLD.replace("0.75", "7.5")))

    rehearse(page, text.replace(OLD, NEW))
    expect(page.get_by_role("heading", name="Rehearsal")).to_be_visible()
    expect(page.locator(".changes")).to_contain_text("Personal abuse, held from: from 0.75 → to 0.05")
    expect(page.locator("svg.chart")).to_have_count(2)
    expect(page.locator(".card").first).to_contain_text("Published → Held")

    page.get_by_role("button", name="Back to the editor").first.click()
    expect(page.get_by_label("The policy as TOML")).to_have_value(text.replace(OLD, NEW))
    page.get_by_role("button", name="Rehearse").click()
    page.get_by_role("button", name="Activate this policy").first.click()
    expect(page.get_by_role("status")).to_contain_text("from now on")
    expect(page.locator(".rules")).to_contain_text("A person decides from 0.05 of “insult” on.")
    expect(page.locator(".versions li").first).to_contain_text("acts now")
    expect(page.locator(".versions li").first).to_contain_text("by Gazette Editor")

    page.get_by_role("button", name="Roll back to the policy that is shipped").click()
    expect(page.get_by_role("status")).to_contain_text("Rolled back")
    expect(page.locator(".rules")).to_contain_text("A person decides from 0.75 of “insult” on.")
    expect(page.locator(".versions li").first).to_contain_text("held from: from 0.05 → to 0.75")


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_policy(newsroom, chromium: Browser, size, scheme):
    context = chromium.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    sign_in(page, newsroom, "editor@example.org")
    page.goto(f"{newsroom.address}/desk/policy/")
    check(page, "policy")
    text = open_editor(page, newsroom)
    check(page, "editor")
    rehearse(page, text.replace(OLD, OLD.replace("0.75", "7.5")))
    expect(page.get_by_role("alert")).to_be_visible()
    check(page, "editor with an error")
    rehearse(page, text.replace(OLD, NEW).replace("[rules.shouting]", "[rules.shouting]\nbackground = true"))
    expect(page.get_by_role("heading", name="Rehearsal")).to_be_visible()
    check(page, "rehearsal")
    page.goto(f"{newsroom.address}/desk/policy/")
    if versions := page.locator(".versions a").all():  # the road has left some
        versions[0].click()
        expect(page.get_by_role("link", name="Edit from here")).to_be_visible()
        check(page, "a version")
    context.close()


def test_it_works_without_javascript(newsroom, chromium: Browser):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, newsroom, "editor@example.org")
    text = open_editor(page, newsroom)
    rehearse(page, text.replace(OLD, NEW))
    expect(page.get_by_role("heading", name="Rehearsal")).to_be_visible()
    page.get_by_role("button", name="Back to the editor").first.click()
    expect(page.get_by_label("The policy as TOML")).to_have_value(text.replace(OLD, NEW))
    context.close()


def test_a_moderator_reads_it(newsroom, chromium: Browser):
    page = chromium.new_context().new_page()
    sign_in(page, newsroom, "moderator@example.org")
    page.goto(f"{newsroom.address}/desk/")
    page.locator(".desk-nav summary", has_text="Rules").click()
    page.get_by_role("navigation", name="Desk").get_by_role("link", name="Policy").click()
    expect(page.get_by_role("heading", name="Rules")).to_be_visible()
    expect(page.get_by_role("link", name="Change the policy")).to_have_count(0)
    page.context.close()
