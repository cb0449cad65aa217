"""A warning, a suspension and its appeal: from the desk to the reader's form and back; axe on every page of it."""

import pytest
from browser_actions import sign_in
from playwright.sync_api import Browser, Page, expect
from test_access import scan
from test_road import open_story, post, post_anyway, sign_up

INSULT = "You pathetic morons on the council are idiots, all of you, and your ferry is as stupid as you are."
CALM = "The council should tell us what the second boat costs before it takes the money from the toll fund."
"""Nobody else posts it: what repeats another reader's comment waits for a moderator."""


@pytest.fixture
def desk(newsroom, chromium: Browser):
    """Open a page of the desk in a browser of its own."""
    contexts = []

    def call(email: str, path: str) -> Page:
        contexts.append(chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce"))
        page = contexts[-1].new_page()
        sign_in(page, newsroom, email)
        page.goto(newsroom.address + path)
        return page

    yield call
    for context in contexts:
        context.close()


def test_warned_suspended_contested_lifted(page, newsroom, desk):  # noqa: PLR0915 - one story
    frame = open_story(page, newsroom)
    sign_up(frame, newsroom, "measured@example.org", "Rough Passenger")
    post_anyway(frame, INSULT)
    expect(frame.locator("#outcome")).to_contain_text("Held for a moderator")

    editor = desk("editor@example.org", "/desk/templates/")
    editor.get_by_label("Title, for moderators").fill("Argue")
    editor.get_by_label("Rule", exact=True).select_option("personal_abuse")
    editor.get_by_label("Words for the author").fill("Dear {name}, please argue with what people say.")
    editor.get_by_role("button", name="Keep it").click()
    expect(editor.get_by_text("Kept: “Argue”.")).to_be_visible()
    scan(editor, "message templates")

    editor.goto(f"{newsroom.address}/desk/")
    editor.get_by_role("link").filter(has_text="your ferry is as stupid").first.click()
    editor.locator('a[href*="/desk/commenters/"]').first.click()
    expect(editor.get_by_role("heading", name="Rough Passenger")).to_be_visible()
    commenter = editor.url
    editor.get_by_role("link", name="Take a measure for this comment").click()
    editor.get_by_role("radio", name="Warning").check()
    editor.get_by_label("The rule that was broken").select_option("personal_abuse")
    editor.get_by_label("Message template").select_option(index=1)
    words = editor.get_by_label("Why, in words for the reader")
    expect(words).to_have_value("Dear Rough Passenger, please argue with what people say.")
    scan(editor, "a commenter with the form for a measure")
    editor.get_by_role("button", name="Take this measure").click()
    expect(editor.get_by_text("is told in a minute")).to_be_visible()

    frame = open_story(page, newsroom)
    expect(frame.get_by_role("heading", name="A moderator has warned you")).to_be_visible()
    scan(page, "a warning in the form")
    frame.get_by_label("I have read this warning").check()
    post(frame, CALM)
    expect(frame.locator("#outcome")).to_contain_text("Published", timeout=30_000)

    editor.goto(commenter)
    editor.get_by_text("Take a measure", exact=True).click()
    editor.get_by_role("radio", name="Suspension").check()
    editor.get_by_label("The rule that was broken").select_option("personal_abuse")
    words.fill("You were warned, and went on.")
    editor.get_by_role("button", name="Take this measure").click()
    expect(editor.get_by_text("Suspension until")).to_be_visible()
    scan(editor, "a commenter under a measure")

    frame = open_story(page, newsroom)
    expect(frame.get_by_text("a moderator suspended your account")).to_be_visible()
    expect(frame.get_by_label("Your comment")).to_have_count(0)
    frame.get_by_role("link", name="Why, and what you can do").click()
    expect(frame.get_by_text("You were warned, and went on.")).to_be_visible()
    scan(page, "decisions about the account")
    frame.get_by_text("Contest this decision").first.click()
    frame.get_by_label("What should the moderator know?").first.fill("It was my brother.")
    frame.get_by_role("button", name="Contest the decision").first.click()
    expect(frame.get_by_text("You contested this.")).to_be_visible()

    night = desk("night@example.org", "/desk/sanctions/")
    expect(night.get_by_text("It was my brother.")).to_be_visible()
    scan(night, "measures")
    night.get_by_label("Your reason, for the reader").fill("We looked at the log: it was somebody else.")
    night.get_by_role("button", name="Overturn and lift").click()
    expect(night.get_by_text("will be told, with your reason")).to_be_visible()

    frame = open_story(page, newsroom)
    expect(frame.get_by_label("Your comment")).to_be_visible()
