"""The desk's queue in a browser: by keyboard without waiting, claims and conflicts shown, and without a script."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_actions import sign_in, wait_until
from playwright.sync_api import Browser, Page, expect

from belowline import Engine, Submission

FIRST, SECOND = "moderator@example.org", "night@example.org"
RUDE = "You are an idiot, shut your stupid mouth, the whole council is a pathetic disgrace."
PART_TWO = "part two, where nobody has seen a boat since the spring."

IN_VIEW = """(() => {
  const text = document.querySelector(".case .veil > summary") || document.querySelector("[data-text]");
  const {left, top} = text.getBoundingClientRect();
  return text.contains(document.elementFromPoint(left + 9, top + 9));
})()"""
"""Whether the first words of the comment can be seen, and nothing stands over them."""


@pytest.fixture
def open_desk(newsroom, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open the desk in a browser of its own."""
    contexts = []

    def call(email: str = FIRST, path: str = "/desk/", **options) -> Page:
        contexts.append(chromium.new_context(**{"viewport": {"width": 1280, "height": 900}} | options))
        page = contexts[-1].new_page()
        sign_in(page, newsroom, email)
        page.goto(f"{newsroom.address}{path}")
        return page

    yield call
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def rude(newsroom, chromium: Browser) -> str:
    """Let two rude comments wait, which every test leaves waiting; return the words that both have."""
    word = "A letter from the pier"
    context = chromium.new_context()
    page = context.new_page()
    sign_in(page, newsroom, "reader@example.org")
    page.goto(newsroom.address)
    page.get_by_role("link", name="Ferry to Ravel Island").click()
    address = str(page.locator("iframe[title=Comments]").get_attribute("src")).replace("embed=1", "")
    for part in ("part one, about the ferry 🐨.", PART_TWO):
        page.goto(address)
        page.get_by_label("Your comment").fill(f"{word}, {part} {RUDE}")
        page.get_by_role("button", name="Post", exact=True).click()
        page.get_by_role("button", name="Post as it is").click()
        expect(page.locator("#outcome")).to_contain_text("Held for a moderator")
    context.close()
    return word


def leading_rule(text: str) -> str:
    """Return the code of the rule that a comment is held by first: which of two it is may change with the model."""
    return Engine.load().judge(Submission(text=text)).reasons[0].rule


def card(page: Page) -> str:
    return str(page.locator("[data-card]").get_attribute("data-card"))


def scan(page: Page, what: str) -> None:
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{what}, {scheme}\n{found.generate_report()}"
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{what} is {wide} pixels wider than its window"


def show(page: Page, words: str) -> None:
    page.locator(".queue a", has_text=words).click()
    expect(page.locator("[data-text]")).to_contain_text(words)


def test_decisions_without_loading_a_page(open_desk, rude: str):
    desk = open_desk()
    desk.evaluate("window.isTheSame = true")
    show(desk, f"{rude}, part one")
    first = card(desk)
    desk.keyboard.press("p")
    expect(desk.locator("#said")).to_contain_text("Published: the comment by")
    expect(desk.locator(f'[data-card="{first}"]')).to_have_count(0)
    expect(desk.locator(f'[data-entry="{first}"]')).to_have_count(0)
    desk.get_by_role("button", name="Undo").click()
    expect(desk.locator("#said")).to_contain_text("Taken back: the comment waits again.")
    assert card(desk) == first
    assert desk.evaluate("window.isTheSame"), "no page was loaded"
    scan(desk, "after an undo")


def test_another_excerpt_is_marked_and_a_note_typed(open_desk, newsroom, rude: str):
    desk = open_desk()
    show(desk, f"{rude}, part one")
    comment = card(desk)
    desk.evaluate(
        """() => {
          const walk = document.createTreeWalker(document.querySelector("[data-text]"), NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) {
            const place = walk.currentNode.data.indexOf("about the ferry");
            if (place >= 0) getSelection().setBaseAndExtent(walk.currentNode, place, walk.currentNode, place + 15);
          }
        }"""
    )
    expect(desk.get_by_label("Excerpt that the rule is about")).to_have_value("about the ferry")
    desk.get_by_label("Note to the author").fill("Please leave the council's minds out of it. 1 p")
    scan(desk, "a card with a note")
    desk.keyboard.press("Escape")
    desk.keyboard.press(desk.get_by_role("button", name="Personal abuse").locator("kbd").inner_text())
    expect(desk.locator("#said")).to_contain_text("Rejected: the comment by")
    desk.goto(f"{newsroom.address}/desk/comments/{comment}/")
    expect(desk.locator("[data-text] mark")).to_have_text("about the ferry")
    expect(desk.get_by_text("Please leave the council's minds out of it.")).to_be_visible()
    scan(desk, "the page of one comment")
    desk.get_by_role("button", name="Undo").click()
    expect(desk.locator(".notice.good")).to_contain_text("Taken back")


def test_a_colleague_looks_at_it_and_was_faster(open_desk, rude: str):
    first, second = open_desk(FIRST), open_desk(SECOND)
    show(first, f"{rude}, part two")
    comment = card(first)
    assert card(second) != comment
    show(second, f"{rude}, part two")
    expect(second.get_by_text("Gazette Desk is looking at this comment now.")).to_be_visible()
    expect(second.get_by_role("button", name="Publish")).to_have_count(0)
    scan(second, "a comment that a colleague looks at")

    # The same moderator in two windows: what the one decided, the other is told.
    other = first.context.new_page()
    other.goto(f"{first.url.split('?')[0]}?comment={comment}")
    other.keyboard.press("r")
    expect(other.locator("#said")).to_contain_text("Rejected: the comment by")
    first.keyboard.press("n")
    first.get_by_label("Note to the author").fill("Not to be lost.")
    first.get_by_role("button", name="Publish").click()
    expect(first.get_by_role("alert")).to_contain_text("Nothing was changed.")
    other.keyboard.press("u")
    expect(other.locator("#said")).to_contain_text("Taken back")
    first.get_by_role("button", name="See the comment again").click()
    expect(first.get_by_label("Note to the author")).to_have_value("Not to be lost.")


def test_keys_can_be_changed(open_desk, rude: str):
    desk = open_desk()
    show(desk, f"{rude}, part one")
    desk.keyboard.press("?")
    dialog = desk.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    scan(desk, "the dialog of keys")
    dialog.get_by_role("button", name="of: Publish").click()
    desk.keyboard.press("b")
    expect(dialog.get_by_role("button", name="of: Publish")).to_have_text("b")
    dialog.get_by_role("button", name="Close").click()
    desk.reload()
    show(desk, f"{rude}, part one")
    comment = card(desk)
    desk.keyboard.press("p")
    desk.keyboard.press("b")
    expect(desk.locator("#said")).to_contain_text("Published: the comment by")
    expect(desk.locator(f'[data-card="{comment}"]')).to_have_count(0)
    desk.keyboard.press("u")
    expect(desk.locator("#said")).to_contain_text("Taken back")
    desk.keyboard.press("?")
    dialog.get_by_role("button", name="As they were").click()
    expect(dialog.get_by_role("button", name="of: Publish")).to_have_text("p")


def test_later_and_back_and_to_the_end(open_desk, newsroom, rude: str):
    desk = open_desk(path="/desk/?queue=new&rule=nonsense")
    expect(desk.get_by_text("Nothing waits. Well done.")).to_be_visible()
    desk.goto(f"{newsroom.address}/desk/?order=newest")
    first = card(desk)
    desk.keyboard.press("j")
    expect(desk.locator(f'[data-card="{first}"]')).to_have_count(0)
    second = card(desk)
    desk.keyboard.press("k")
    expect(desk.locator(f'[data-card="{first}"]')).to_have_count(1)
    desk.keyboard.press("j")
    expect(desk.locator(f'[data-card="{second}"]')).to_have_count(1)


def test_on_a_phone_and_narrowed(open_desk, rude: str):
    desk = open_desk(viewport={"width": 390, "height": 844})
    desk.get_by_text("Order and filters").click()
    desk.get_by_label("Order", exact=True).select_option("Newest first")
    desk.get_by_label("Rule", exact=True).select_option(leading_rule(f"{rude}, {PART_TWO} {RUDE}"))
    desk.get_by_role("button", name="Show").click()
    wait_until(desk, "location.search.includes('rule=')")
    expect(desk.locator("[data-text]")).to_contain_text(f"{rude}, part two")
    scan(desk, "the queue on a phone")
    desk.set_viewport_size({"width": 320, "height": 640})
    scan(desk, "the queue on a small phone")


def test_on_a_phone_the_text_of_each_card_is_in_view(open_desk, rude: str):
    desk = open_desk(path="/desk/?order=newest", viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    desk.locator("#current-title").evaluate("node => node.scrollIntoView()")
    for _ in range(4):
        others = desk.locator("details.others > summary")
        expect(others.locator("..")).not_to_have_attribute("open", "")
        wait_until(desk, IN_VIEW)
        assert desk.evaluate("document.documentElement.scrollWidth") == 390
        others.tap()
        shown = card(desk)
        desk.get_by_role("link", name="Later").tap()
        expect(desk.locator(f'[data-card="{shown}"]')).to_have_count(0)
        wait_until(desk, "scrollY > 0")


def test_in_a_low_window_the_text_is_in_view(open_desk, rude: str):
    desk = open_desk(path="/desk/?order=newest", viewport={"width": 1280, "height": 480})
    for _ in range(3):
        wait_until(desk, IN_VIEW)
        shown = card(desk)
        desk.keyboard.press("j")
        expect(desk.locator(f'[data-card="{shown}"]')).to_have_count(0)


def test_without_a_script(open_desk, rude: str):
    desk = open_desk(java_script_enabled=False)
    desk.locator(".queue a", has_text=f"{rude}, part one").click()
    desk.get_by_text("A note to the author").click()
    desk.get_by_label("Excerpt that the rule is about").fill("words that are not there")
    desk.get_by_role("button", name="Personal abuse").click()
    expect(desk.get_by_role("alert")).to_contain_text("These words do not stand in the comment.")
    desk.get_by_label("Excerpt that the rule is about").fill("pathetic disgrace")
    desk.get_by_role("button", name="Personal abuse").click()
    expect(desk.locator("[data-text] mark")).to_have_text("pathetic disgrace")
    desk.get_by_role("button", name="Undo").click()
    expect(desk.locator(".notice.good")).to_contain_text("Taken back")
    desk.get_by_role("button", name="Publish").click()
    expect(desk.locator(".notice.good")).to_contain_text("Published: the comment by")
