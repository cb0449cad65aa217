"""The road of a comment, from the reader's sign-up to the outcome, in the frame on the paper's page."""

import itertools

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from belowline.engine.policy import load_policy

ON_TOPIC = (
    "I take this ferry to school every day. Nine weeks without it last January was awful, so a second boat is worth it."
)
INSULT = "You are an idiot, the whole council are pathetic morons, and you should shut your stupid mouth."
ELSEWHERE = (
    "My new telephone was a waste of four hundred pounds. The battery dies at lunchtime, the screen cracked in my "
    "pocket and the camera makes every face look like wax. Which brand lasts longer, and do the cheap ones get updates?"
)
numbers = itertools.count(1)


def sign_up(frame: FrameLocator, newsroom, email: str, name: str) -> None:
    frame.get_by_role("link", name="Create an account").first.click()
    frame.get_by_label("Email").fill(email)
    frame.get_by_label("Display name").fill(name)
    frame.get_by_role("button", name="Create account").click()
    expect(frame.get_by_label("Code")).to_be_visible()
    frame.get_by_label("Code").fill(newsroom.code_for(email))
    frame.get_by_role("button", name="Confirm").click()
    expect(frame.get_by_label("Your comment")).to_be_visible()


def post(frame: FrameLocator, text: str) -> None:
    frame.get_by_label("Your comment").fill(text)
    frame.get_by_role("button", name="Post", exact=True).click()


def post_anyway(frame: FrameLocator, text: str) -> None:
    """Post what would be held: the form comes back once with the reasons."""
    post(frame, text)
    expect(frame.locator("#nudge")).to_contain_text("Nothing is posted yet.")
    expect(frame.get_by_label("Your comment")).to_have_value(text)
    frame.get_by_role("button", name="Post as it is").click()


def open_story(page: Page, newsroom) -> FrameLocator:
    page.goto(newsroom.address)
    page.get_by_role("link", name="Ferry to Ravel Island").click()
    return page.frame_locator("iframe[title=Comments]")


@pytest.fixture
def reader(page: Page, newsroom):
    """A reader who has just signed up in the frame."""
    number = next(numbers)
    frame = open_story(page, newsroom)
    sign_up(frame, newsroom, f"ferry{number}@example.org", f"Ferry Passenger {chr(64 + number) * 2}")
    return frame


def test_on_topic_comment_is_seen_at_once(page, newsroom, reader, chromium: Browser):
    post(reader, ON_TOPIC)
    expect(reader.locator("#outcome")).to_contain_text("Published")
    expect(reader.get_by_role("article").filter(has_text=ON_TOPIC)).to_be_visible()
    stranger = chromium.new_context().new_page()
    frame = open_story(stranger, newsroom)
    expect(frame.get_by_role("article").filter(has_text=ON_TOPIC)).to_be_visible()
    stranger.context.close()


def test_held_comments_the_desk_and_the_outcome(page, newsroom, reader, chromium: Browser):
    rules = load_policy().rules
    post_anyway(reader, INSULT)
    outcome = reader.locator("#outcome")
    expect(outcome).to_contain_text("Held for a moderator")
    expect(outcome).to_contain_text(rules["personal_abuse"].title)
    post_anyway(reader, ELSEWHERE)
    expect(outcome).to_contain_text(rules["off_topic"].title)
    expect(outcome).to_contain_text("Ferry to Ravel Island")

    desk = chromium.new_context(viewport={"width": 1280, "height": 900}).new_page()
    from browser_actions import sign_in

    sign_in(desk, newsroom, "moderator@example.org")
    desk.goto(f"{newsroom.address}/desk/")
    waiting = desk.get_by_role("navigation", name="Waiting comments")
    waiting.get_by_role("link").filter(has_text="pathetic morons").first.click()
    expect(desk.get_by_role("main")).to_contain_text(rules["personal_abuse"].title)
    expect(desk.locator(".desk section mark").first).to_be_visible()
    desk.get_by_role("button", name=rules["personal_abuse"].title).click()
    expect(desk.get_by_text("Rejected: the comment by")).to_be_visible()

    waiting.get_by_role("link").filter(has_text="My new telephone").first.click()
    expect(desk.get_by_role("main")).to_contain_text(rules["off_topic"].title)
    desk.get_by_role("button", name="Publish").click()
    expect(desk.get_by_text("Published: the comment by")).to_be_visible()
    page.reload()
    expect(reader.get_by_role("article").filter(has_text="My new telephone").last).to_be_visible()
    desk.get_by_role("button", name="Undo").first.click()
    expect(desk.get_by_text("Taken back")).to_be_visible()
    desk.context.close()

    page.reload()
    expect(reader.locator(".comments").get_by_text("My new telephone")).to_have_count(0)
    reader.get_by_role("link", name="My comments").first.click()
    expect(reader.get_by_role("heading", name="My comments")).to_be_visible()
    rejected = reader.get_by_role("article").filter(has_text="pathetic morons")
    expect(rejected).to_contain_text("Not published")
    expect(rejected).to_contain_text(rules["personal_abuse"].title)
    expect(rejected).to_contain_text("by a person")
    expect(reader.get_by_role("article").filter(has_text="My new telephone")).to_contain_text("Waiting for a moderator")


def test_faq_names_the_rules_that_decide(page, newsroom):
    page.goto(f"{newsroom.address}/faq/")
    for rule in (one for one in load_policy().rules.values() if not one.background):
        expect(page.get_by_role("heading", name=rule.title, exact=True)).to_be_visible()
    expect(page.get_by_text("Only people reject.")).to_be_visible()


def test_double_click_posts_once(page, newsroom, reader):
    text = "The harbour wall was mended in June, and the morning ferry is on time again."
    reader.get_by_label("Your comment").fill(text)
    reader.get_by_role("button", name="Post", exact=True).dblclick()
    expect(reader.locator("#outcome")).to_contain_text("Published")
    expect(reader.locator(".comments .text").filter(has_text=text)).to_have_count(1)


def test_reply_under_a_comment(page, newsroom, reader):
    post(reader, "Nurses need this ferry in winter more than anybody on the mainland knows.")
    own = reader.get_by_role("article").filter(has_text="Nurses need this ferry")
    own.get_by_role("link", name="Reply").click()
    reader.get_by_label("Your reply to").fill("Exactly. Just like two years ago.")
    own.get_by_role("button", name="Post", exact=True).click()
    expect(reader.locator("#outcome")).to_contain_text("Published")
    expect(reader.locator(".comment.depth-1").filter(has_text="Just like two years ago")).to_be_visible()


def test_everything_works_without_javascript(newsroom, chromium: Browser):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    from browser_actions import sign_in

    sign_in(page, newsroom, "reader@example.org")
    page.goto(newsroom.address)
    page.get_by_role("link", name="Ferry to Ravel Island").click()
    page.get_by_role("link", name="Comments").click()
    page.get_by_label("Your comment").fill("Raising the fares by a tenth is fair if the ferry runs all winter.")
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.locator("#outcome")).to_contain_text("Published")
    page.get_by_role("link", name="Reply to Robin Marsh").first.click()
    page.get_by_label("Your reply to Robin Marsh").fill("And children should go free on this ferry.")
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.locator("#outcome")).to_contain_text("Published")
    page.get_by_role("link", name="My comments").first.click()
    expect(page.get_by_role("article").filter(has_text="And children should go free")).to_contain_text("Published")
    context.close()


def test_an_error_keeps_the_text(page, newsroom, reader):
    text = "The ferry " * 400
    reader.get_by_label("Your comment").fill(text)
    reader.get_by_role("button", name="Post", exact=True).click()
    expect(reader.get_by_role("alert")).to_contain_text("shorten")
    expect(reader.get_by_label("Your comment")).to_have_value(text)
