"""Bands in a real browser: handles by mouse, finger and keyboard, a whole band decided and taken back, and axe."""

import os
import re
import subprocess
import sys

import pytest
from browser_actions import sign_in
from page_rules import faults
from playwright.sync_api import Browser, Page, expect

ALL = "?rule=personal_abuse&from=0&to=100"
POST = """
from django import setup
setup()
from belowline.accounts.models import User
from belowline.moderation.actions.post_comment import post_comment
from belowline.stories.models import Story
story, author = Story.objects.order_by("pk").first(), User.objects.get(email="reader@example.org")
for number in range(6):
    text = "You are a pathetic idiot, and number %d on my list." % number
    post_comment(story=story, author=author, text_source=text, idempotency_key="band-%d" % number)
"""
REJECT = """
from django import setup
setup()
from belowline.accounts.models import User
from belowline.comments.models import Comment
from belowline.moderation.actions.decide_batch import decide_batch
moderator = User.objects.get(email="moderator@example.org")
ids = Comment.objects.filter(idempotency_key__startswith="band-", status="held").values_list("pk", flat=True)
if ids:
    decide_batch(comments=ids, moderator=moderator, outcome="reject", rule="personal_abuse", seen={})
"""


@pytest.fixture(scope="module", autouse=True)
def waiting(newsroom):
    """Six more comments wait while these tests run, and none of them later."""
    there = {"BELOWLINE_DATA_DIR": str(newsroom.folder), "DJANGO_SETTINGS_MODULE": "belowline.config.settings"}
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BELOWLINE_")}
    subprocess.run([sys.executable, "-c", POST], env=clean | there, check=True)
    yield
    subprocess.run([sys.executable, "-c", REJECT], env=clean | there, check=True)


def open_bands(page: Page, newsroom, query: str = ALL) -> None:
    page.goto(f"{newsroom.address}/desk/bands/{query}")
    expect(page.get_by_role("heading", name="Bands")).to_be_visible()


def listed(page: Page) -> int:
    return page.locator(".band-list > li").count()


def says(page: Page) -> int:
    """How many comments the page says are in the band."""
    return int(page.locator("[data-says] b").inner_text().replace(",", ""))


def test_by_keyboard_alone(page, newsroom):
    sign_in(page, newsroom, "moderator@example.org")
    open_bands(page, newsroom)
    total = listed(page)
    assert says(page) == total > 0

    page.get_by_role("slider", name="The band begins at").focus()
    page.keyboard.press("End")
    expect(page.locator("[data-says]")).to_contain_text("from 100 to 100")
    page.keyboard.press("Home")
    expect(page.locator("[data-says]")).to_contain_text("from 0 to 100")
    expect(page.locator(".band-list > li")).to_have_count(total)

    expect(page.get_by_role("button", name=re.compile(f"^Publish {total}"))).to_be_enabled()
    page.get_by_role("button", name=re.compile("^Publish")).press("Enter")
    expect(page.get_by_role("status").filter(has_text=f"Published {total} comments")).to_be_visible()
    expect(page.get_by_text("No comment lies in this band.")).to_be_visible()

    page.keyboard.press("u")
    expect(page.get_by_role("status").filter(has_text=f"Taken back: {total} of {total}.")).to_be_visible()
    expect(page.locator(".band-list > li")).to_have_count(total)


def test_by_mouse_and_one_left_out(page, newsroom):
    sign_in(page, newsroom, "moderator@example.org")
    open_bands(page, newsroom)
    total = listed(page)
    track = page.locator(".sliders").bounding_box()
    y = track["y"] + track["height"] / 2
    page.mouse.move(track["x"] + 14, y)
    page.mouse.down()
    page.mouse.move(track["x"] + track["width"] / 2, y, steps=4)
    page.mouse.up()
    expect(page.locator("[data-says]")).to_contain_text(re.compile("from (49|50|51) to 100"))
    expect(page).to_have_url(re.compile("from=(49|50|51)&to=100"))
    expect(page.locator(".band-list > li")).to_have_count(says(page))
    assert says(page) < total

    page.get_by_role("link", name="All of it").click()
    expect(page.locator(".band-list > li")).to_have_count(total)
    page.locator("[name=pick]").first.uncheck()
    expect(page.get_by_role("button", name=re.compile(f"^Reject {total - 1}\\b"))).to_be_visible()
    page.locator("[data-all]").uncheck()
    expect(page.get_by_role("button", name=re.compile("^Reject 0"))).to_be_visible()


def test_without_a_script(chromium: Browser, newsroom):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, newsroom, "moderator@example.org")
    open_bands(page, newsroom)
    total = listed(page)
    page.get_by_role("slider", name="The band begins at").fill("100")
    page.get_by_role("button", name="Show this band").click()
    expect(page).to_have_url(re.compile("from=100&to=100"))
    page.wait_for_load_state()
    assert listed(page) < total
    open_bands(page, newsroom)
    page.locator("summary", has_text="More").click()
    page.get_by_label("Tag").fill("letters")
    page.locator("[name=pick]").first.uncheck()
    page.get_by_role("button", name="Tag them").click()
    expect(page.get_by_role("status").filter(has_text=f"Tagged {total - 1} comment")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status").filter(has_text="Taken back")).to_be_visible()
    context.close()


@pytest.mark.parametrize(
    ("size", "scheme"), [((1280, 900), "light"), ((320, 640), "dark")], ids=["desktop", "small and dark"]
)
def test_axe_and_the_rules_of_pages(newsroom, chromium: Browser, size, scheme):
    context = chromium.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    sign_in(page, newsroom, "moderator@example.org")
    open_bands(page, newsroom)
    assert faults(page) == []
    page.goto(f"{newsroom.address}/desk/history/")
    assert faults(page) == []
    page.get_by_role("link", name=re.compile("Tagged|Published")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("comment")
    assert faults(page) == []
    context.close()
