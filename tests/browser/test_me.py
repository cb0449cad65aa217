"""A reader's own pages in a real browser: told of a reply, settings, export, sessions, and the account deleted."""

import json
import zipfile

import pytest
from browser_actions import sign_in
from playwright.sync_api import Browser, Page, expect
from test_access import scan
from test_road import open_story, post, sign_up

ANSWER = "The fares rise by a tenth, but the council could have asked the islanders first."


@pytest.fixture
def elsewhere(chromium: Browser):
    """Another browser."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def own_page(page: Page, newsroom, name: str) -> None:
    page.goto(f"{newsroom.address}/me/{name}/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_told_of_a_reply_and_no_more_once_it_was_read(page, newsroom, elsewhere):
    frame = open_story(page, newsroom)
    sign_up(frame, newsroom, "told-a@example.org", "Told Reader")
    post(frame, "Who pays for the second boat, the islanders or the toll fund of the bridge?")
    expect(frame.locator("#outcome")).to_contain_text("Published")
    there = open_story(elsewhere, newsroom)
    sign_up(there, newsroom, "told-b@example.org", "Answering Reader")
    comment = there.get_by_role("article").filter(has_text="Who pays for the second boat")
    comment.get_by_role("link", name="Reply").click()
    there.get_by_label("Your reply to Told Reader").fill(ANSWER)
    there.get_by_role("button", name="Post", exact=True).last.click()
    expect(there.locator("#outcome")).to_contain_text("Published")

    own_page(page, newsroom, "notifications")
    expect(page.get_by_role("navigation", name="Belowline").get_by_text("1 unread")).to_be_visible()
    scan(page, "notifications")
    page.get_by_role("link", name="Answering Reader replied to you").click()
    expect(page.get_by_role("main")).to_contain_text(ANSWER)
    own_page(page, newsroom, "notifications")
    expect(page.get_by_text("unread")).to_have_count(0)
    page.get_by_role("navigation", name="Your pages").get_by_role("link", name="My comments").click()
    expect(page.get_by_role("link", name="1 reply to this comment")).to_be_visible()
    scan(page, "my comments with replies")


def test_settings_are_kept_and_the_export_has_all(page, newsroom, tmp_path):
    sign_in(page, newsroom, "reader@example.org")
    own_page(page, newsroom, "settings")
    scan(page, "settings")
    page.get_by_label("Somebody replied to you").select_option(label="Never")
    page.get_by_role("button", name="Save how often").click()
    expect(page.get_by_role("status")).to_have_text("Saved.")
    expect(page.get_by_label("Somebody replied to you")).to_have_value("off")
    page.get_by_label("Your name, as other readers see it").fill("Moderator")
    page.get_by_role("button", name="Save the name").click()
    expect(page.get_by_role("alert")).to_contain_text("the newsroom’s own voice")

    page.get_by_role("link", name="Take your data with you").click()
    expect(page.get_by_role("link", name="Download as JSON")).to_be_visible()
    scan(page, "my data")
    with page.expect_download() as asked:
        page.get_by_role("link", name="Download as JSON").click()
    asked.value.save_as(tmp_path / "mine.json")
    document = json.loads((tmp_path / "mine.json").read_text("utf-8"))
    assert document["account"][0]["email"] == "reader@example.org"
    assert document["notification_settings"] == [{"kind": "reply", "frequency": "off"}]
    with page.expect_download() as asked:
        page.get_by_role("link", name="Download as CSV").click()
    asked.value.save_as(tmp_path / "mine.zip")
    assert "comments.csv" in zipfile.ZipFile(tmp_path / "mine.zip").namelist()


def test_sessions_end_and_the_account_is_deleted_without_javascript(newsroom, chromium: Browser, page, elsewhere):
    frame = open_story(page, newsroom)
    sign_up(frame, newsroom, "leaving@example.org", "Leaving Reader")
    post(frame, "Last January I rowed to work for nine weeks, and I would not like to do it again.")
    expect(frame.locator("#outcome")).to_contain_text("Published")
    own_page(page, newsroom, "sessions")
    expect(page.get_by_text("This browser")).to_be_visible()
    scan(page, "sessions")

    first = newsroom.code_for("leaving@example.org")
    elsewhere.goto(f"{newsroom.address}/accounts/login/code/")
    elsewhere.get_by_label("Email").fill("leaving@example.org")
    elsewhere.get_by_role("button").filter(has_text="code").first.click()
    elsewhere.get_by_label("Code").fill(newsroom.code_for("leaving@example.org", other_than=first))
    elsewhere.get_by_role("main").get_by_role("button").first.click()
    expect(elsewhere.get_by_role("heading", name="My comments")).to_be_visible()
    own_page(page, newsroom, "sessions")
    page.get_by_role("button", name="End all others").click()
    expect(page.get_by_role("status")).to_have_text("1 session ended.")
    elsewhere.reload()
    expect(elsewhere.get_by_role("heading", name="Sign in")).to_be_visible()

    state = page.context.storage_state()
    plain = chromium.new_context(java_script_enabled=False, storage_state=state).new_page()
    own_page(plain, newsroom, "close")
    scan(page, "sessions once more")
    plain.get_by_label("They are deleted").check()
    plain.get_by_label("Type your display name to confirm").fill("leaving reader")
    plain.get_by_role("button", name="Delete my account for good").click()
    expect(plain.get_by_role("heading", name="Your account is deleted")).to_be_visible()
    plain.context.close()
    own = open_story(page, newsroom)
    expect(own.locator(".discussion")).to_be_visible()
    expect(own.get_by_text("Leaving Reader")).to_have_count(0)
