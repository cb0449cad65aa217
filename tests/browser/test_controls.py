"""Editors control discussions in place; readers and strangers see it at once."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_actions import sign_in
from playwright.sync_api import expect

FERRY = "Ferry to Ravel Island will run all winter"
EDITOR, READER = "editor@example.org", "reader@example.org"


@pytest.fixture
def somebody(chromium, newsroom):
    """Open a browser of somebody's: `somebody(EDITOR)`, or a stranger's; with JavaScript or without."""
    contexts = []

    def call(email=None, *, scripts=True):
        contexts.append(chromium.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=scripts))
        page = contexts[-1].new_page()
        if email:
            sign_in(page, newsroom, email)
        return page

    yield call
    for context in contexts:
        context.close()


def address_of(page, newsroom, title=FERRY):
    """The address of a discussion, as the desk lists it."""
    page.goto(f"{newsroom.address}/desk/stories/")
    page.get_by_role("link", name=title).click()
    return newsroom.address + page.get_by_role("link", name="Discussion", exact=True).get_attribute("href")


def controls(page, address):
    """Open the editor's controls within the discussion."""
    page.goto(address)
    page.get_by_text("Editor’s controls", exact=True).click()
    expect(page.get_by_role("button", name="Save")).to_be_visible()


def save(page):
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. Readers see it at once.")).to_be_visible()


def whole_site_closes_after(page, newsroom, hours):
    page.goto(f"{newsroom.address}/desk/sections/")
    whole = page.locator("li.whole")
    whole.get_by_label("Closes after hours").fill(hours)
    whole.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved: the whole site.")).to_be_visible()


def no_problems(page):
    """Let axe look at the page."""
    found = Axe().run(page).response["violations"]
    assert not found, [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]


@pytest.fixture
def ferry(somebody, newsroom):
    """An editor and the address of the ferry's discussion, which is put back as it was whatever comes."""
    editor = somebody(EDITOR)
    address = address_of(editor, newsroom)
    yield editor, address
    controls(editor, address)
    editor.get_by_label("As the section says").check()
    editor.get_by_label("Reason for closing").select_option("")
    editor.get_by_label("Slow mode").fill("")
    editor.get_by_label("A line above the discussion").fill("")
    editor.get_by_role("button", name="Save").click()
    expect(editor.get_by_text(re.compile("Saved. Readers see it at once.|Everything stays as it was."))).to_be_visible()


def test_an_editor_closes_with_a_reason_and_opens_again(ferry, somebody):
    (editor, address), reader, stranger = ferry, somebody(READER), somebody()
    reader.goto(address)
    reader.get_by_label("Your comment").fill("Will the ferry take bicycles in winter?")

    controls(editor, address)
    no_problems(editor)
    editor.get_by_label("Closed: no new comments").check()
    editor.get_by_label("Reason for closing").select_option(label="Legal reasons")
    editor.get_by_label("A line above the discussion").fill("The council is in court about the ferry.")
    save(editor)

    stranger.goto(address)
    expect(stranger.get_by_text("This discussion is closed for legal reasons. You can still read it.")).to_be_visible()
    expect(stranger.get_by_text("The council is in court about the ferry.")).to_be_visible()
    expect(stranger.get_by_role("link", name="Sign in", exact=True)).to_have_count(
        1
    )  # in the bar, not in the discussion
    no_problems(stranger)

    # Whoever was writing gets their words back.
    reader.get_by_role("button", name="Post", exact=True).click()
    expect(reader.get_by_text("closed for legal reasons")).to_be_visible()
    expect(reader.get_by_text("Will the ferry take bicycles in winter?")).to_be_visible()

    controls(editor, address)
    editor.get_by_label("As the section says").check()
    editor.get_by_label("A line above the discussion").fill("")
    save(editor)
    stranger.goto(address)
    expect(stranger.get_by_text("Sign in to join the discussion")).to_be_visible()


def test_pre_moderated_a_comment_waits_until_the_desk_publishes_it(ferry, somebody, newsroom):
    (editor, address), reader, stranger = ferry, somebody(READER), somebody()
    controls(editor, address)
    editor.get_by_label("Pre-moderated").check()
    editor.get_by_label("Slow mode").fill("0")
    save(editor)

    text = "The schoolchildren of the island need the ferry in January most of all."
    reader.goto(address)
    expect(reader.get_by_text("A moderator reads every comment here before others can.")).to_be_visible()
    reader.get_by_label("Your comment").fill(text)
    reader.get_by_role("button", name="Post", exact=True).click()
    outcome = reader.locator("#outcome")
    expect(outcome).to_contain_text("Held for a moderator")
    expect(outcome).to_contain_text("A moderator reads every comment under this article before others can.")
    no_problems(reader)
    stranger.goto(address)
    expect(stranger.get_by_text(text)).to_have_count(0)

    editor.goto(f"{newsroom.address}/desk/")
    editor.locator(".queue a", has_text=text[:40]).click()
    expect(editor.get_by_text("A moderator reads first").filter(visible=True).first).to_be_visible()
    editor.get_by_role("button", name="Publish p").click()
    expect(editor.get_by_text("Published: the comment by")).to_be_visible()
    stranger.goto(address)
    expect(stranger.get_by_text(text)).to_be_visible()


def test_a_pick_with_a_sentence_shows_to_strangers_and_a_fold_too_without_scripts(somebody, newsroom):
    """Every form of the editors' works without JavaScript."""
    editor, stranger = somebody(EDITOR, scripts=False), somebody(scripts=False)
    address = address_of(editor, newsroom, "Harbour bridge")
    stranger.goto(address)
    first = stranger.locator("article.comment").first
    comment = first.get_attribute("id")
    number = comment.removeprefix("c-")

    editor.goto(f"{newsroom.address}/comments/{number}/more/")
    editor.get_by_label("Pick this comment").fill("Read this one first.")
    editor.get_by_role("button", name="Pick").click()
    expect(editor.get_by_text("Picked. The comment is marked")).to_be_visible()
    stranger.goto(f"{newsroom.address}/comments/{number}/")
    expect(stranger.get_by_text("Read this one first.")).to_be_visible()

    editor.goto(f"{newsroom.address}/comments/{number}/more/")
    editor.get_by_role("button", name="Take the pick back").click()
    expect(editor.get_by_text("no longer an editors’ pick")).to_be_visible()
    stranger.reload()
    expect(stranger.get_by_text("Read this one first.")).to_have_count(0)

    editor.goto(f"{newsroom.address}/comments/{number}/more/")
    editor.get_by_role("button", name="Fold", exact=True).click()
    expect(editor.get_by_text("Folded. Readers can still open the comment.")).to_be_visible()
    editor.goto(f"{newsroom.address}/comments/{number}/more/")
    editor.get_by_role("button", name="Unfold").click()
    expect(editor.get_by_text("shown like any other again")).to_be_visible()


@pytest.fixture
def bridge(somebody, newsroom):
    """An editor and the address of the bridge's discussion: all share one newsroom, so it is put back as it was."""
    editor = somebody(EDITOR)
    address = address_of(editor, newsroom, "Harbour bridge")
    yield editor, address
    controls(editor, address)
    editor.get_by_label("Slow mode").fill("")
    editor.get_by_label("Readers can reply to comments").check()
    save(editor)
    expect(editor.get_by_role("link", name=re.compile(r"^Reply\b")).first).to_be_visible()
    whole_site_closes_after(editor, newsroom, "")


def test_replies_off_slow_mode_and_the_section_by_keyboard_alone(bridge, somebody, newsroom):
    (editor, address), reader = bridge, somebody(READER)
    editor.goto(address)
    editor.get_by_text("Editor’s controls", exact=True).focus()
    editor.keyboard.press("Enter")
    replies = editor.get_by_label("Readers can reply to comments")
    expect(replies).to_be_visible()
    for _ in range(12):
        editor.keyboard.press("Tab")
        if editor.evaluate("document.activeElement.name") == "slow_seconds":
            break
    editor.keyboard.type("45")
    editor.keyboard.press("Tab")
    expect(replies).to_be_focused()
    editor.keyboard.press("Space")
    editor.get_by_label("A line above the discussion").focus()
    for _ in range(3):
        editor.keyboard.press("Tab")
        if editor.evaluate("document.activeElement.tagName") == "BUTTON":
            break
    editor.keyboard.press("Enter")
    expect(editor.get_by_text("Saved. Readers see it at once.")).to_be_visible()

    reader.goto(address)
    expect(reader.get_by_text("Slow mode: each reader can post one comment every 45 seconds.")).to_be_visible()
    expect(reader.get_by_text("Replies are off")).to_be_visible()
    expect(reader.get_by_role("link", name=re.compile(r"^Reply\b"))).to_have_count(0)

    whole_site_closes_after(editor, newsroom, "87600")
    no_problems(editor)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_scrolls_sideways(somebody, newsroom, width):
    editor = somebody(EDITOR)
    address = address_of(editor, newsroom)
    editor.set_viewport_size({"width": width, "height": 900})
    controls(editor, address)
    for page in (None, f"{newsroom.address}/desk/sections/"):
        if page:
            editor.goto(page)
        assert editor.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
