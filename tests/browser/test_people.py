"""People, looks and handover in a real browser: on a desk in the light, and on a telephone in the dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_actions import sign_in
from playwright.sync_api import expect

ADMIN, MODERATOR = "editor@example.org", "moderator@example.org"
WINDOWS = {
    "desk": {"viewport": {"width": 1280, "height": 900}},
    "telephone": {"viewport": {"width": 360, "height": 800}, "color_scheme": "dark"},
}


@pytest.fixture
def somebody(chromium, newsroom):
    contexts = []

    def call(email, window="desk", **options):
        contexts.append(chromium.new_context(**WINDOWS[window] | options))
        page = contexts[-1].new_page()
        sign_in(page, newsroom, email)
        return page

    yield call
    for context in contexts:
        context.close()


def no_problems(page):
    """Let axe look at the page, which is no wider than its window."""
    found = Axe().run(page).response["violations"]
    assert not found, [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("window", WINDOWS)
def test_a_role_is_given_and_withdrawn(somebody, newsroom, window):
    page = somebody(ADMIN, window, java_script_enabled=window == "telephone")
    page.goto(f"{newsroom.address}/desk/people/")
    page.get_by_text("Give somebody a role").click()
    page.get_by_label("Who").fill("Robin Marsh")
    page.get_by_label("Role", exact=True).select_option("Senior moderator")
    page.get_by_label("Where").select_option("The Quillhaven Gazette")
    page.get_by_label("Section").fill("nowhere")
    page.get_by_role("button", name="Give the role").click()
    expect(page.get_by_text("has no such section")).to_be_visible()
    expect(page.get_by_label("Who")).to_have_value("Robin Marsh")
    page.get_by_label("Section").fill("")
    page.get_by_role("button", name="Give the role").click()
    try:
        expect(page.get_by_text("Robin Marsh is senior moderator for The Quillhaven Gazette.")).to_be_visible()
        if window == "telephone":
            no_problems(page)
    finally:
        page.get_by_role("button", name="Withdraw Senior moderator for The Quillhaven Gazette from Robin Marsh").click()
    expect(page.get_by_text("Robin Marsh is no longer senior moderator")).to_be_visible()


def test_a_look_is_logged_and_a_note_is_handed_over(somebody, newsroom):
    admin, moderator = somebody(ADMIN), somebody(MODERATOR, "telephone")
    admin.goto(f"{newsroom.address}/desk/people/")
    admin.get_by_role("button", name="Show the address of Gazette Desk").click()
    expect(admin.get_by_text(MODERATOR)).to_be_visible()
    no_problems(admin)
    admin.get_by_role("link", name="Looks at private data").click()
    expect(admin.get_by_role("row", name="Gazette Editor e-mail address Gazette Desk").first).to_be_visible()
    no_problems(admin)

    admin.goto(f"{newsroom.address}/desk/handover/")
    admin.get_by_label("Your note").fill("The bridge story is heated: I promised Ines an answer by noon.")
    admin.get_by_role("button", name="Leave the note").click()
    moderator.goto(f"{newsroom.address}/desk/")
    expect(moderator.get_by_role("complementary", name="Handover notes")).to_contain_text("by noon")
    moderator.get_by_role("link", name="Handover notes").click()
    no_problems(moderator)
    moderator.get_by_role("button", name="Seen to").click()
    expect(moderator.get_by_text("Ticked off.")).to_be_visible()
