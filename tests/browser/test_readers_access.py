"""Every page of the reader's section: by axe, on the narrowest window, from right to left, by keyboard alone."""

from collections.abc import Iterator

import pytest
from browser_actions import press_until, sign_in
from django.urls import reverse
from page_rules import CUT_OFF, FOCUSABLE, MOVING, SMALL_TARGETS, UNSEEN_FOCUS, cut_off, faults
from playwright.sync_api import Browser, Page, expect
from test_reading import run

PUBLIC = (
    ("thread", "story"),
    ("comment", "comment"),
    ("comment-embed", "comment"),
    ("comment-more", "comment"),
    ("report-comment", "comment"),
    ("recommend-comment", "comment"),
    ("give-notice", "comment"),
    ("accessibility",),
    ("account_login",),
    ("account_signup",),
)
PRIVATE = (
    ("thread", "story"),
    ("comment", "comment"),
    ("comment-more", "comment"),
    ("report-comment", "comment"),
    ("my-comments",),
    ("notifications",),
    ("reader-settings",),
    ("sessions",),
    ("export-mine",),
    ("close-account",),
    ("account_email",),
    ("account_change_password",),
    ("mfa_index",),
)
STAFF = (("comment-more", "comment"), ("story-controls", "story"), ("thread", "story"), ("desk-reports",))
LOOKS = {
    "desktop": ({"width": 1280, "height": 900}, "light", ""),
    "narrow, dark, Arabic": ({"width": 320, "height": 700}, "dark", "?lang=ar"),
}
"""320 pixels are a window of 1280 at 400 per cent: WCAG 1.4.10."""
TOLD = """
import django; django.setup()
from belowline.accounts.models import User
from belowline.comments.models import Comment
from belowline.notifications.models import Notification
reader, comment = User.objects.get(email="reader@example.org"), Comment.objects.order_by("pk").first()
print(Notification.objects.create(user=reader, kind="published", comment=comment, subject_id=7, is_mail_due=False).pk)
"""
FORGET = """
import django; django.setup()
from belowline.notifications.models import Notification
Notification.objects.filter(pk={}).delete()
"""


@pytest.fixture(scope="module")
def places(newsroom, chromium: Browser) -> dict[str, int]:
    """The ids of a discussion and of a comment of somebody in it who has replies."""
    page = chromium.new_page()
    page.goto(f"{newsroom.address}/news/harbour-bridge-closed/")
    frame = page.frame_locator("iframe[title=Comments]")
    comment = frame.locator("article.comment[data-author]", has_text="Risk-based intervals").first
    found = {"comment": int(comment.get_attribute("id").removeprefix("c-"))}
    found["story"] = int(frame.locator("section.discussion").get_attribute("data-story"))
    page.close()
    return found


@pytest.fixture
def told(newsroom) -> Iterator[None]:
    """Something that the reader has not read: its number stands in the bar."""
    number = int(run(newsroom, TOLD))
    yield
    run(newsroom, FORGET.format(number))


def paths(pages, places) -> list[str]:
    return [reverse(name, args=[places[what] for what in given]) for name, *given in pages]


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.usefixtures("told")
def test_every_page_keeps_the_rules(newsroom, chromium: Browser, places, look):
    size, scheme, query = look
    found = []
    for email, pages in ((None, PUBLIC), ("reader@example.org", PRIVATE), ("editor@example.org", STAFF)):
        context = chromium.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
        page = context.new_page()
        if email:
            sign_in(page, newsroom, email)
        for path in paths(pages, places):
            response = page.goto(newsroom.address + path + query)
            assert response.status in {200, 422}, f"{path} answers {response.status}"
            found += [f"{path}: {fault}" for fault in faults(page)]
        assert page.locator(".bar .unread-count").count() == (email == "reader@example.org")
        context.close()

    assert not found, "\n".join(dict.fromkeys(found))


@pytest.mark.parametrize("query", ["", "?lang=ar"], ids=["English", "Arabic"])
@pytest.mark.parametrize("size", ["zoom", "text"])
def test_nothing_is_lost_at_twice_the_size(newsroom, chromium: Browser, places, size, query):
    """A window of 1280 pixels at 200 per cent, and one whose letters alone are twice as large (WCAG 1.4.4)."""
    zoomed = {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2}
    context = chromium.new_context(**(zoomed if size == "zoom" else {"viewport": {"width": 1280, "height": 900}}))
    page = context.new_page()
    found = []
    for email, names in ((None, ("thread", "account_login")), ("reader@example.org", ("thread", "my-comments"))):
        if email:
            sign_in(page, newsroom, email)
        for name in names:
            path = reverse(name, args=[places["story"]] if name == "thread" else [])
            page.goto(newsroom.address + path + query)
            if size == "text":
                page.evaluate("document.documentElement.style.fontSize = '200%'")
            found += [f"{path}: {fault}" for fault in cut_off(page)]
    context.close()

    assert not found, "\n".join(found)


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("query", ["", "?lang=de"])
@pytest.mark.parametrize("email", ["reader@example.org", "editor@example.org"])
def test_the_top_bar_stays_on_one_line(newsroom, page: Page, places, email, query):
    sign_in(page, newsroom, email)
    page.goto(f"{newsroom.address}/discussion/{places['story']}/{query}")

    tops = page.locator(".bar nav > *").evaluate_all(
        "nodes => nodes.map(node => { const box = node.getBoundingClientRect(); return (box.top + box.bottom) / 2; })"
    )
    assert len(tops) >= 4
    assert max(tops) - min(tops) < 10


def test_read_recommend_reply_report_by_keyboard_alone(newsroom, chromium: Browser, places):
    page = chromium.new_context(reduced_motion="reduce").new_page()
    page.goto(f"{newsroom.address}/accounts/login/?next=/discussion/{places['story']}/%3Forder%3Doldest")
    press_until(page, "Email", "textbox")
    page.keyboard.type("reader@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type("demo-password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Comments", exact=True)).to_be_visible()

    comment = page.locator(f"#c-{places['comment']}")
    tab_to(page, comment.locator(".recommend"))
    before = count_of(comment)
    page.keyboard.press("Enter")
    expect(comment.locator(".recommend b")).to_have_text(str(before + 1))

    tab_to(page, comment.locator("a.reply"))
    page.keyboard.press("Enter")
    expect(page.locator(f"#reply-{places['comment']} textarea")).to_be_focused()
    page.keyboard.press("Escape")

    tab_to(page, comment.locator("a.more"))
    page.keyboard.press("Enter")
    more = page.locator(f"#more-{places['comment']}")
    expect(more.get_by_role("link").first).to_be_focused()
    tab_to(page, more.get_by_role("link", name="Report", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Report a comment")).to_be_visible()
    tab_to(page, page.get_by_role("radio").first)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio").nth(1)).to_be_checked()
    press_until(page, "Report", "button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_be_visible()
    page.context.close()


def count_of(comment) -> int:
    return int(comment.locator(".recommend b").inner_text().strip() or 0)


def tab_to(page: Page, target, limit: int = 150) -> None:
    """Press Tab until an element has the focus, and see that it shows."""
    for _ in range(limit):
        if target.count() and target.evaluate("node => node === document.activeElement"):
            assert target.evaluate("node => getComputedStyle(node).outlineStyle") != "none"
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"not reached by {limit} presses of Tab")


FAULTY = {
    "small": (SMALL_TARGETS, [FOCUSABLE], "<ul><li><button>x</button><li><button>y</button></ul>"),
    "unseen": (UNSEEN_FOCUS, [FOCUSABLE], '<a class="u" href="/">Home</a>'),
    "cut": (CUT_OFF, [], '<p class="c">A line that does not fit into its box</p>'),
    "beyond": (CUT_OFF, [], '<p class="b">A line that stands beyond the edge</p>'),
    "moving": (MOVING, [], '<p class="m">Moving</p>'),
}
SHEET = """button { width: 10px; height: 10px; padding: 0; border: 0; overflow: hidden; display: block; }
li { display: inline-block; width: 11px; } .u:focus { outline: none; }
.c { width: 60px; height: 12px; overflow: hidden; } .b { width: 4000px; }
@keyframes m { to { opacity: .5; } } .m { animation: m 9s infinite; }"""


@pytest.mark.parametrize(("script", "given", "html"), FAULTY.values(), ids=FAULTY)
def test_the_rules_see_faults(chromium: Browser, script, given, html):
    page = chromium.new_page()
    page.set_content(f"<!doctype html><style>{SHEET}</style><main>{html}</main>")
    page.keyboard.press("Tab")
    assert page.evaluate(script, *given)
    page.set_content("<!doctype html><main><p>Read <a href='/'>this</a> first.</p><button>Post it now</button></main>")
    page.keyboard.press("Tab")
    assert not page.evaluate(script, *given)
    page.close()
