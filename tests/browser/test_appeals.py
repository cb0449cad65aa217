"""The nudge, the second version, and an appeal: from the reader's form to a second moderator and back."""

import time

import pytest
from browser_actions import sign_in, wait_until
from playwright.sync_api import Browser, Page, expect
from test_access import scan
from test_road import open_story, post, sign_up

BETTER = "The second boat is worth every penny: without this ferry, the schoolchildren of the island sit at home."
RUDE = f"{BETTER} Only a complete idiot on the council could vote against it, you pathetic morons."
REASON = "Harsh, but it is about a vote, and the argument before it is worth reading."
people = iter((("appeal-a", "Sandwick Baker"), ("appeal-b", "Ravel Lighthouse"), ("appeal-c", "Winter Passenger")))


@pytest.fixture
def writer(page: Page, newsroom):
    """A reader who has just signed up in the frame: the frame, and their address."""
    name, display_name = next(people)
    frame = open_story(page, newsroom)
    sign_up(frame, newsroom, f"{name}@example.org", display_name)
    return frame, f"{name}@example.org"


@pytest.fixture
def desk(newsroom, chromium: Browser):
    """Open the desk in a browser of its own."""
    contexts = []

    def call(email: str, path: str = "/desk/") -> Page:
        contexts.append(chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce"))
        page = contexts[-1].new_page()
        sign_in(page, newsroom, email)
        page.goto(newsroom.address + path)
        return page

    yield call
    for context in contexts:
        context.close()


def mail_to(newsroom, address: str, words: str) -> str:
    """Wait for a mail to this address that holds these words."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for part in newsroom.mails().split("-" * 79):
            if f"To: {address}" in part and words in part:
                return part
        time.sleep(0.1)
    raise AssertionError(f"no mail with “{words}” came to {address}")


def test_nudged_then_edited_and_published(page, newsroom, writer):
    frame, _ = writer
    post(frame, RUDE)
    nudge = frame.locator("#nudge")
    expect(nudge).to_contain_text("Nothing is posted yet.")
    expect(nudge).to_contain_text("Personal abuse")
    expect(nudge).to_contain_text("Argue with what people say")
    expect(frame.get_by_label("Your comment")).to_have_value(RUDE)
    wait_until(page, "frames[0].document.activeElement.id == 'nudge'")  # where reading goes on
    expect(frame.get_by_role("article").filter(has_text="complete idiot")).to_have_count(0)

    frame.get_by_label("Your comment").fill(BETTER)
    frame.get_by_role("button", name="Post the new version").click()
    expect(frame.locator("#outcome")).to_contain_text("Published")
    expect(frame.locator(".comments")).to_contain_text(BETTER)
    expect(nudge).to_have_count(0)


def test_nudged_and_posted_as_it_is_without_javascript(newsroom, chromium: Browser):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, newsroom, "reader@example.org")
    page.goto(newsroom.address)
    page.get_by_role("link", name="Ferry to Ravel Island").click()
    page.get_by_role("link", name="Comments").click()
    page.get_by_label("Your comment").fill(RUDE)
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.locator("#nudge")).to_contain_text("Nothing is posted yet.")
    page.get_by_role("button", name="Post as it is").click()
    expect(page.locator("#outcome")).to_contain_text("Held for a moderator")
    expect(page.locator("#nudge")).to_have_count(0)
    context.close()


def test_rejected_contested_overturned_and_told(page, newsroom, writer, desk):
    frame, address = writer
    text = f"Nobody asked the islanders. {RUDE}"
    post(frame, text)
    frame.get_by_role("button", name="Post as it is").click()
    expect(frame.locator("#outcome")).to_contain_text("Held for a moderator")

    first = desk("moderator@example.org")
    first.get_by_role("navigation", name="Waiting comments").get_by_role("link").filter(has_text="Nobody asked").click()
    first.get_by_text("A note to the author").click()
    first.get_by_label("Note to the author").fill("Leave the last sentence out.")
    first.get_by_role("button", name="Personal abuse").click()
    expect(first.get_by_text("Rejected: the comment by")).to_be_visible()

    frame.get_by_role("link", name="My comments").first.click()
    frame.get_by_role("link", name="what you can do").click()
    expect(frame.get_by_role("heading", name="Why it was not published")).to_be_visible()
    expect(frame.get_by_role("main")).to_contain_text("Leave the last sentence out.")
    expect(frame.locator("mark").first).to_be_visible()
    frame.get_by_label("What should the moderator know?").fill("The council voted without asking us.")
    frame.get_by_role("button", name="Contest the decision").click()
    expect(frame.get_by_text("We have your appeal.")).to_be_visible()

    first.goto(f"{newsroom.address}/desk/appeals/")
    expect(first.get_by_role("main")).to_contain_text("another moderator decides")
    expect(first.get_by_role("button", name="Overturn")).to_have_count(0)
    scan(first, "an appeal that others decide")

    second = desk("night@example.org", "/desk/appeals/")
    expect(second.get_by_role("main")).to_contain_text("The council voted without asking us.")
    expect(second.get_by_role("main")).to_contain_text("Gazette Desk")
    scan(second, "an appeal")
    second.get_by_label("Your reason, for the author").fill(REASON)
    second.get_by_role("button", name="Overturn and publish").click()
    expect(second.get_by_text("will be told, with your reason")).to_be_visible()

    mail = mail_to(newsroom, address, "after your appeal")
    assert REASON in mail.replace("=\n", "")
    frame.get_by_role("link", name="All my comments").click()
    frame.get_by_role("link", name="What happened").first.click()
    expect(frame.get_by_text("You were right to ask.")).to_be_visible()
    expect(frame.get_by_role("main")).to_contain_text(REASON)
    stranger = open_story(page, newsroom)
    expect(stranger.locator(".comments")).to_contain_text("Nobody asked the islanders.")


def test_a_second_version(page, newsroom, writer, desk):
    frame, _ = writer
    post(frame, f"My third letter about the fares. {RUDE}")
    frame.get_by_role("button", name="Post as it is").click()
    expect(frame.locator("#outcome")).to_contain_text("Held for a moderator")
    moderator = desk("moderator@example.org")
    waiting = moderator.get_by_role("navigation", name="Waiting comments")
    waiting.get_by_role("link").filter(has_text="My third letter").click()
    moderator.get_by_role("button", name="Personal abuse").click()
    expect(moderator.get_by_text("Rejected: the comment by")).to_be_visible()

    frame.get_by_role("link", name="My comments").first.click()
    frame.get_by_role("link", name="what you can do").click()
    frame.get_by_role("link", name="Rewrite and post again").click()
    expect(frame.get_by_role("heading", name="Your second version")).to_be_visible()
    text = frame.get_by_label("Your comment")
    text.fill(text.input_value().replace("you pathetic morons", "you pathetic, stupid idiots"))
    frame.get_by_role("button", name="Post", exact=True).click()
    frame.get_by_role("button", name="Post as it is").click()
    expect(frame.locator("#outcome")).to_contain_text("Held for a moderator")

    moderator.goto(f"{newsroom.address}/desk/")
    waiting.get_by_role("link").filter(has_text="My third letter").click()
    moderator.get_by_text("A second version: the first was rejected (Personal abuse)").click()
    expect(moderator.locator(".earlier").get_by_text("you pathetic morons")).to_be_visible()
    scan(moderator, "a second version on the desk")
    frame.get_by_role("link", name="My comments").first.click()
    own = frame.get_by_role("article").filter(has_text="My third letter")
    expect(own).to_have_count(2)
    own.last.get_by_role("link", name="What happened").click()
    expect(frame.get_by_role("main")).to_contain_text("You have posted a second version of this comment already.")
