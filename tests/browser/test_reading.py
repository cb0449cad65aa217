"""Reading a long discussion in Chromium: pages, orders, folding, one comment for good, what is new, who is muted."""

import os
import re
import subprocess
import sys

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_actions import sign_in
from playwright.sync_api import Browser, Page, Route, expect

FILL = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from belowline.accounts.models import User
from belowline.comments.models import Comment, Pick
from belowline.stories.models import Site, Story
site = Site.objects.get(key="quillhaven")
story = Story.objects.create(site=site, key="long", title="A long discussion", published_at=timezone.now())
authors = [User.objects.create_user(f"long{n}@example.org", display_name=f"Talker {word}")
           for n, word in enumerate(("Ash", "Birch", "Cedar"))]
fields = dict(story=story, status="published", text_key="", band_0=0, band_1=0, band_2=0, band_3=0)
start = timezone.now() - timedelta(days=2)
def add(number, parent=None, depth=0):
    return Comment.objects.create(author=authors[number % 3], parent=parent, root=parent and (parent.root or parent),
        depth=depth, text_source=f"Remark {number}.", body_html=f"<p>Remark {number}.</p>", idempotency_key=str(number),
        created_at=start + timedelta(minutes=number), best_rank=1 if number == 7 else 0, **fields)
heads = [add(number) for number in range(45)]
replies = [add(100 + number, heads[44], 1) for number in range(6)]
deep = heads[43]
for number in range(6):
    deep = add(200 + number, deep, min(number + 1, 4))
Comment.objects.filter(pk=heads[44].pk).update(thread_count=6)
Comment.objects.filter(pk=heads[43].pk).update(thread_count=6)
Comment.objects.filter(pk=heads[42].pk).update(is_digression=True)
Pick.objects.create(comment=heads[3], picked_by=User.objects.get(email="editor@example.org"), sentence="Well put.")
Story.objects.filter(pk=story.pk).update(comment_count=57)
print(story.pk, heads[44].pk, heads[43].pk)
"""
MORE = """
import django; django.setup()
from belowline.accounts.models import User
from belowline.comments.models import Comment
from belowline.stories.models import Story
story = Story.objects.get(key="long")
Comment.objects.create(story=story, author=User.objects.get(email="long0@example.org"), text_source="News!",
    body_html="<p>News!</p>", idempotency_key="news", status="published", text_key="", band_0=0, band_1=0, band_2=0,
    band_3=0)
story.bump(comment_count=1)
"""


def run(newsroom, code: str) -> str:
    """Let a program of its own write into the running newsroom's database."""
    ours = ("BELOWLINE_", "DATABASE_URL")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    told = {"BELOWLINE_DATA_DIR": str(newsroom.folder), "DJANGO_SETTINGS_MODULE": "belowline.config.settings"}
    done = subprocess.run([sys.executable, "-c", code], env=clean | told, check=True, capture_output=True, text=True)
    return done.stdout


@pytest.fixture(scope="module")
def ids(newsroom):
    """The story, its thread with many replies, and its deep one."""
    return [int(number) for number in run(newsroom, FILL).split()]


@pytest.fixture
def thread(newsroom, ids):
    return f"{newsroom.address}/discussion/{ids[0]}/"


def remarks(page: Page) -> list[str]:
    """The texts of the threads' first comments, from the top."""
    return page.locator(".thread .comment.depth-0 .text").all_inner_texts()


def test_pages_and_orders(page: Page, thread):
    page.goto(thread)
    assert len(remarks(page)) == 20
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_text("Page 2", exact=True)).to_be_visible()
    assert remarks(page)[0] == "Remark 24."
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_text("Page 3", exact=True)).to_be_visible()
    assert remarks(page) == [f"Remark {number}." for number in range(4, -1, -1)]
    expect(page.get_by_role("link", name="Next page")).to_have_count(0)

    for order, first in (
        ("Oldest", "Remark 0."),
        ("Best", "Remark 7."),
        ("Most discussed", "Remark 44."),
        ("Editors’ picks", "Remark 3."),
    ):
        page.get_by_role("link", name=order, exact=True).click()
        expect(page.get_by_role("link", name=order, exact=True)).to_have_attribute("aria-current", "true")
        assert remarks(page)[0] == first
    expect(page.locator(".pick")).to_contain_text("Well put.")
    expect(page.get_by_text("Page 2", exact=True)).to_have_count(0)


def test_replies_open_in_place_and_threads_fold(page: Page, thread, ids):
    page.goto(thread)
    first = page.locator(".thread").first
    expect(first.get_by_role("article")).to_have_count(4)
    first.get_by_role("link", name="3 more replies").click()
    expect(first.get_by_role("article")).to_have_count(7)
    assert page.url == thread

    button = first.get_by_role("button", name="Fold the thread by Talker")
    button.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(first.get_by_text("Remark 105.")).to_be_hidden()
    expect(first.get_by_text("Remark 44.")).to_be_hidden()
    button.press("Enter")
    expect(first.get_by_text("Remark 105.")).to_be_visible()

    digression = page.locator(".digression").first
    expect(digression.get_by_text("Remark 42.")).to_be_hidden()
    digression.get_by_text("leaves the article here").click()
    expect(digression.get_by_text("Remark 42.")).to_be_visible()


def test_one_comment_for_good(page: Page, newsroom, thread, ids):
    page.goto(thread)
    page.locator(".thread").nth(1).locator(".when a").first.click()
    expect(page.get_by_role("heading", name="Conversation")).to_be_visible()
    assert page.url == f"{newsroom.address}/comments/{ids[2]}/"
    expect(page.locator(".comment.focus")).to_contain_text("Remark 43.")
    page.get_by_role("link", name="Continue this conversation (2 replies)").click()
    expect(page.locator(".comment.focus")).to_contain_text("Remark 203.")
    expect(page.locator(".above .comment")).to_have_count(4)
    expect(page.get_by_text("Remark 205.")).to_be_visible()
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()
    page.get_by_role("link", name="The whole discussion").click()
    expect(page.get_by_role("heading", name="Comments")).to_be_visible()


def test_news_and_what_is_unread(chromium: Browser, newsroom, thread):
    context = chromium.new_context()
    page = context.new_page()
    page.clock.install()
    page.goto(thread)
    page.clock.run_for(100)  # two frames: the scripts come after the first paint
    expect(page.locator(".comment time").first).to_contain_text("ago")
    expect(page.get_by_role("button", name="Next unread")).to_have_count(0)
    asked: list[int] = []
    page.on("response", lambda answer: asked.append(answer.status) if answer.url.endswith("/state/") else None)
    with page.expect_response("**/state/"):
        page.clock.run_for(25_000)
    page.wait_for_timeout(100)  # a second one would come at once, too
    assert asked == [200]
    expect(page.locator("[data-news]")).to_be_hidden()

    run(newsroom, MORE)
    page.clock.run_for(60_000)
    notice = page.get_by_role("status").get_by_role("link", name="New comments: 1")
    expect(notice).to_be_visible()
    page.clock.run_for(3_600_000)
    notice.click()
    expect(page.get_by_text("News!")).to_be_visible()
    page.clock.run_for(100)
    expect(page.locator(".comment.unread")).to_have_count(1)
    looks = "(one) => [getComputedStyle(one).backgroundColor, getComputedStyle(one).borderRadius]"
    unread, seen = page.locator(".comment.unread"), page.locator(".comment:not(.unread)").first
    assert unread.evaluate(looks) == seen.evaluate(looks)
    page.get_by_role("button", name="Next unread (1)").click()
    expect(page.locator(".comment.unread")).to_be_focused()
    expect(page.locator(".comment.unread .new")).to_have_text("New")
    page.clock.run_for(3_600_000)
    page.reload()
    page.clock.run_for(100)
    expect(page.get_by_role("button", name="Fold the thread").first).to_be_visible()
    expect(page.locator(".comment.unread")).to_have_count(0)
    context.close()


def test_what_is_clicked_before_the_scripts_are_there_is_done_then(page: Page, newsroom, thread):
    sign_in(page, newsroom, "reader@example.org")
    page.goto("about:blank")  # the page that signing in led to may still ask for the same script
    held: list[Route] = []
    page.route("**/htmx*", lambda route: held.append(route))  # noqa: PLW0108 - Playwright wraps functions only
    with page.expect_request("**/htmx*"):
        page.goto(thread)
    page.get_by_role("link", name="Reply").first.click()
    assert page.url.partition("?")[0] == thread.partition("?")[0]
    expect(page.locator("[data-reply-place] textarea")).to_have_count(0)
    assert len(held) == 1
    held[0].continue_()
    expect(page.locator("[data-reply-place] textarea")).to_be_focused()


def test_a_script_that_does_not_come_leaves_a_page_that_works(chromium: Browser, newsroom, thread):
    page = chromium.new_page()
    sign_in(page, newsroom, "reader@example.org")
    page.route("**/htmx*", lambda route: route.abort())
    page.goto(thread)
    page.get_by_role("link", name="Reply").first.click()
    expect(page).to_have_url(re.compile("reply=.*#composer"))
    page.close()


def test_muting(page: Page, newsroom, thread):
    sign_in(page, newsroom, "reader@example.org")
    page.goto(thread)
    first = page.locator(".comment", has_text="Remark 41.")
    name = first.locator(".who").inner_text()
    first.get_by_role("link", name="More on the comment").click()
    first.get_by_role("button", name=f"Mute {name}").click()
    expect(page.get_by_text(f"You no longer see what {name} writes.")).to_be_visible()
    expect(page.get_by_text("Remark 41.")).to_be_hidden()
    hidden = page.locator(".comment.muted")
    count = hidden.count()
    hidden.get_by_role("button", name="You muted this commenter. Show the comment").first.click()
    expect(hidden).to_have_count(count - 1)

    page.goto(f"{newsroom.address}/me/muted/")
    page.get_by_role("button", name=f"Unmute {name}").click()
    expect(page.get_by_text("You have muted nobody.")).to_be_visible()
    page.goto(thread)
    expect(page.get_by_text("Remark 41.")).to_be_visible()


def test_all_of_it_is_read_without_javascript(chromium: Browser, thread, ids, newsroom):
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 320, "height": 800})
    page = context.new_page()
    page.goto(thread)
    page.get_by_role("link", name="3 more replies").first.click()
    expect(page.get_by_text("Remark 105.")).to_be_visible()
    page.get_by_role("link", name="The whole discussion").click()
    page.get_by_text("leaves the article here").click()
    expect(page.get_by_text("Remark 42.")).to_be_visible()
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_text("Remark 24.")).to_be_visible()
    page.goto(f"{newsroom.address}/comments/999999/")
    expect(page.get_by_role("heading", name="This comment is not here")).to_be_visible()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_a_long_discussion_is_accessible(chromium: Browser, thread, scheme, width):
    context = chromium.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 800}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(thread)
    expect(page.get_by_role("button", name="Fold the thread").first).to_be_visible()
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
