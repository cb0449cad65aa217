"""A comment is escalated and answered, one decided by a digest's link, and one within the discussion: on a phone."""

import re
import time

import pytest
from browser_actions import sign_in
from page_rules import faults
from playwright.sync_api import Browser, Page, expect

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
NOTE = "He names the engineer. Is she a person of public life?"
ANSWER = "She is not: reject it."


@pytest.fixture
def staff(newsroom, chromium: Browser):
    """Open a page as a member of staff, in a browser of its own."""
    contexts = []

    def call(email: str | None, path: str, **options) -> Page:
        contexts.append(chromium.new_context(reduced_motion="reduce", **options))
        page = contexts[-1].new_page()
        if email:
            sign_in(page, newsroom, email)
        page.goto(newsroom.address + path)
        return page

    yield call
    for context in contexts:
        context.close()


def first_held(page: Page, newsroom) -> str:
    """The address of the form that hands the comment on that the desk shows, without opening it."""
    page.goto(f"{newsroom.address}/desk/")
    found = re.search(r"/desk/comments/(\d+)/", page.content())
    assert found, "nothing waits"
    return found[1]


def link_in_mail(newsroom, what: str) -> str:
    """Wait for a digest, and return its first link that publishes or rejects."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        # Quoted-printable: long lines are broken.
        text = newsroom.mails().replace("=\n", "").replace("=3D", "=")
        if found := re.search(rf"{what}[^\n]*: http://[^/\s]+(/desk/links/\S+)", text):
            return found[1]
        time.sleep(0.1)
    raise AssertionError("no digest came")


def test_escalated_and_answered(newsroom, staff):
    page = staff("moderator@example.org", "/desk/")
    comment = first_held(page, newsroom)
    page.goto(f"{newsroom.address}/desk/comments/{comment}/hand-on/")
    assert faults(page) == []
    page.get_by_label("To whom?").select_option("seniors")
    page.get_by_label("Your note").fill(NOTE)
    page.get_by_role("button", name="Hand it on").click()
    expect(page.get_by_text("Escalated: it waits for somebody senior.")).to_be_visible()

    senior = staff("editor@example.org", "/desk/escalated/", **PHONE)
    expect(senior.get_by_role("main")).to_contain_text(NOTE)
    assert faults(senior) == []
    senior.get_by_label(re.compile("Your answer to")).fill(ANSWER)
    senior.get_by_role("button", name="Answer", exact=True).click()
    expect(senior.get_by_text("Answered, and the comment waits where it did before")).to_be_visible()

    page.goto(f"{newsroom.address}/desk/escalated/")
    expect(page.get_by_text(ANSWER)).to_be_visible()
    assert faults(page) == []


def test_a_digest_s_link_asks_and_decides_once(newsroom, staff):
    page = staff("night@example.org", "/desk/digests/")
    assert faults(page) == []
    page.get_by_role("button", name="Write to night@example.org").click()
    page.get_by_role("button", name="Send one now").click()
    expect(page.get_by_text("Sent.", exact=True)).to_be_visible()
    assert faults(page) == []
    address = link_in_mail(newsroom, "Publish")

    phone = staff(None, address, **PHONE)
    expect(phone.get_by_role("heading", name="Publish this comment?")).to_be_visible()
    expect(phone.get_by_text("You decide as Gazette Night Desk.")).to_be_visible()
    assert faults(phone) == []
    phone.get_by_role("button", name="Publish").click()
    expect(phone.get_by_role("heading", name="Published")).to_be_visible()
    phone.goto(newsroom.address + address)
    expect(phone.get_by_text("used already")).to_be_visible()

    # What was decided is put back for the tests that follow.
    page.goto(f"{newsroom.address}/desk/digests/")
    page.get_by_role("button", name="Stop this mail").click()
    expect(page.get_by_role("button", name="Write to night@example.org")).to_be_visible()


def test_decided_within_the_discussion(newsroom, staff):
    page = staff("moderator@example.org", "/discussion/1/", **PHONE)
    story = 1
    while not page.get_by_text(re.compile(r"comments? waits? for a moderator here")).count():
        story += 1
        page.goto(f"{newsroom.address}/discussion/{story}/")
    page.get_by_text(re.compile(r"comments? waits? for a moderator here")).click()
    card = page.locator(".waiting-here > li").first
    expect(card).to_be_visible()
    assert faults(page) == []
    words = card.locator(".source").inner_text()[:40]
    card.get_by_role("button", name="Publish").click()
    expect(page.get_by_text(re.compile("Published: the comment by"))).to_be_visible()

    page.goto(f"{newsroom.address}/discussion/{story}/waiting/")
    assert faults(page) == []
    page.locator(".taken-back").first.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    page.goto(f"{newsroom.address}/discussion/{story}/waiting/")
    expect(page.get_by_role("main")).to_contain_text(words)
