"""The comments on a paper's page of another origin: single-page sites, sign-in, counts, looks, one comment, paper."""

import json
import os
import re
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
import pytest
from browser_actions import wait_until
from playwright.sync_api import Browser, Page, expect

STORY = "tram-stopping-goose"
COUNT_LISTENERS = """() => {
  window.listeners = 0;
  for (const [name, step] of [["addEventListener", 1], ["removeEventListener", -1]]) {
    const original = window[name];
    window[name] = function (kind, ...rest) {
      if (kind === "message") listeners += step;
      return original.call(this, kind, ...rest);
    };
  }
}"""
STRANGER = """() => {
  const stranger = document.createElement("iframe");
  stranger.id = "stranger";
  stranger.srcdoc = `<script>parent.frames[0].postMessage({ type: "belowline:look", look: { theme: "dark" } }, "*");
    parent.postMessage({ type: "belowline:height", height: 7 }, "*")</` + "script>";
  document.body.append(stranger);
}"""
WATCH = """<script>
window.shift = 0;
const add = list => list.getEntries().forEach(entry => shift += entry.value);
new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
</script>"""
HTML = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Paper</title><link rel="icon" href="data:,">'


@pytest.fixture(scope="module")
def paper() -> Iterator[Callable[..., str]]:
    """A paper's own server, of another origin than the newsroom's: puts a page there, and returns its address."""
    pages: dict[str, str] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer the page."""
            self.send_response(200 if self.path in pages else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((HTML + pages.get(self.path, "")).encode())

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def add(body: str, path: str = "/") -> str:
        pages[path] = body
        return f"http://localhost:{server.server_address[1]}{path}"

    yield add
    server.shutdown()
    server.server_close()


def discussion(newsroom, attributes: str = "", before: str = "", after: str = "") -> str:
    """The body of a page with the comments below."""
    place = f'<div data-belowline data-site="quillhaven" data-story="{STORY}" {attributes}></div>'
    return f'<body>{before}{place}{after}<script src="{newsroom.address}/embed.js" async></script>'


def manage(newsroom, *arguments: str) -> str:
    """Run a command of the newsroom's operator."""
    environment = {**os.environ, "BELOWLINE_DATA_DIR": str(newsroom.folder)}
    done = subprocess.run(
        [sys.executable, "-m", "belowline", *arguments], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def listen(page: Page) -> None:
    """Keep what the script tells the paper."""
    page.evaluate("""() => { window.heard = [];
      for (const name of ["ready", "height", "count", "posted", "login", "logout"])
        Belowline.on(name, ({ element, ...rest }) => heard.push(rest)); }""")


def heard(page: Page, kind: str) -> list[dict]:
    return [event for event in page.evaluate("heard") if event["type"] == kind]


def test_a_single_page_site(newsroom, page: Page, paper):
    """After navigation, anew, with the script twice; unmounting leaves nothing; strangers' messages do nothing."""
    page.goto(paper('<body><h1>Front page</h1><div id="place"><a href="/x">Comments</a></div>'))
    page.evaluate(COUNT_LISTENERS)
    page.add_script_tag(url=f"{newsroom.address}/embed.js", type="module")
    wait_until(page, "Boolean(window.Belowline && Belowline.mount)")
    page.evaluate("window.first = Belowline")
    page.add_script_tag(url=f"{newsroom.address}/embed.js")
    listen(page)
    assert page.evaluate("first === Belowline && listeners === 0")

    page.evaluate(
        f'Belowline.mount("#place", {{ site: "quillhaven", story: "{STORY}", title: "Goose", order: "oldest" }})'
    )
    frame = page.frame_locator("iframe[title=Goose]")
    expect(frame.get_by_role("article").first).to_be_visible()
    wait_until(page, "heard.some(event => event.type === 'height' && event.height > 1000)")
    assert heard(page, "ready") == [{"type": "ready", "signedIn": False}]
    assert heard(page, "count")[0]["count"] > 5
    inner = page.locator("iframe").element_handle().content_frame()
    assert "order=oldest" in inner.url
    height = page.locator("iframe").bounding_box()["height"]
    assert abs(height - inner.evaluate("document.documentElement.offsetHeight")) <= 1

    page.evaluate("postMessage({ type: 'belowline:height', height: 7 }, '*')")
    inner.evaluate("() => { window.seen = 0; addEventListener('message', () => seen++); }")
    page.evaluate(STRANGER)
    wait_for(page, lambda: inner.evaluate("seen") > 0)
    assert inner.evaluate("document.documentElement.dataset.theme") is None
    assert page.locator("iframe").first.bounding_box()["height"] == height
    page.evaluate("document.querySelector('#stranger').remove()")

    page.evaluate('Belowline.mount("#place", { site: "quillhaven", story: "harbour-bridge-closed" })')
    expect(page.frame_locator("iframe[title=Comments]").get_by_role("article").first).to_be_visible()
    assert page.evaluate("[document.querySelectorAll('iframe').length, listeners]") == [1, 1]

    before = len(page.evaluate("heard"))
    page.evaluate('Belowline.unmount("#place")')
    expect(page.get_by_role("link", name="Comments")).to_be_visible()
    assert page.evaluate("[document.querySelectorAll('iframe').length, listeners]") == [0, 0]
    assert len(page.evaluate("heard")) == before

    page.evaluate('Belowline.mount("#place", { site: "quillhaven", story: "harbour-bridge-closed" })')
    page.evaluate("document.querySelector('#place').remove()")
    page.evaluate("Belowline.unmount('#none')")
    page.evaluate("Belowline.restyle({})")  # whatever is no longer on the page is forgotten
    assert page.evaluate("listeners") == 0


def test_nothing_moves_while_the_comments_come(newsroom, page: Page, paper):
    """Room is kept, the frame loads near the window only, and nothing that is in sight shifts."""
    article, footer = "<p>Text of the article.</p>" * 3, "<footer>Imprint</footer>"
    page.goto(paper(WATCH + discussion(newsroom, "", article, footer)))
    expect(page.frame_locator("iframe").get_by_role("article").first).to_be_visible()
    wait_until(page, "document.querySelector('iframe').offsetHeight > 1000")
    page.wait_for_timeout(300)
    assert page.evaluate("shift") <= 0.02

    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    long = '<div style="height: 9000px">A long article</div>'
    page.goto(paper(WATCH + discussion(newsroom, "", long, footer), "/long/"))
    wait_until(page, "Boolean(document.querySelector('iframe'))")
    page.wait_for_timeout(500)
    assert not [url for url in asked if "/embed/?" in url]
    page.evaluate("document.querySelector('iframe').scrollIntoView()")  # they fill the window: the footer is below it
    expect(page.frame_locator("iframe").get_by_role("article").first).to_be_visible()
    wait_until(page, "document.querySelector('iframe').offsetHeight > 1000")
    page.wait_for_timeout(300)
    assert page.evaluate("shift") == 0


def test_the_paper_signs_its_reader_in_and_out(newsroom, page: Page, paper):
    private = manage(
        newsroom,
        "sso",
        "add-key",
        "--site",
        "quillhaven",
        "--issuer",
        "http://localhost",
        "--kid",
        "paper",
        "--trust-email",
    )
    page.goto(paper(discussion(newsroom)))
    wait_until(page, "Boolean(window.Belowline)")
    listen(page)
    expect(page.frame_locator("iframe").get_by_role("link", name="Sign in")).to_be_visible()
    now = int(time.time())
    claims = {
        "iss": "http://localhost",
        "aud": newsroom.address,
        "sub": "r-7",
        "name": "Wren Alder",
        "email": "wren.alder@example.org",
        "email_verified": True,
        "iat": now,
        "exp": now + 60,
        "jti": uuid.uuid4().hex,
    }
    token = jwt.encode(claims, private, algorithm="EdDSA", headers={"kid": "paper"})
    page.evaluate("token => Belowline.login(token)", token)
    expect(page.frame_locator("iframe").get_by_label("Your comment")).to_be_visible()
    wait_until(page, "heard.some(event => event.type === 'login')")

    frame = page.frame_locator("iframe")
    frame.get_by_label("Your comment").fill(
        "The tram driver rang the bell for the goose this morning, and we all waited."
    )
    frame.get_by_role("button", name="Post", exact=True).click()
    wait_until(page, "heard.some(event => event.type === 'posted')")
    assert heard(page, "posted")[0]["status"] in {"published", "held"}

    page.evaluate("Belowline.logout()")
    expect(frame.get_by_role("link", name="Sign in")).to_be_visible()
    wait_until(page, "heard.some(event => event.type === 'logout')")
    assert len(heard(page, "login")) == len(heard(page, "logout")) == 1


def test_a_front_page_of_a_hundred_stories_asks_once(newsroom, page: Page, paper):
    spans = "".join(f'<li><span data-belowline-count data-story="story-{number}"></span></li>' for number in range(97))
    known = f'<li id="goose"><span data-belowline-count data-story="{STORY}"></span></li>'
    words = 'data-lang="pl" data-one="{n} komentarz" data-few="{n} komentarze" data-many="{n} komentarzy"'
    polish = f'<li id="polish"><span data-belowline-count data-story="{STORY}" {words}></span></li>'
    foreign = '<li id="url"><span data-belowline-count data-url="http://localhost/none"></span></li>'
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    words = 'data-zero="no comments" data-one="{n} comment" data-other="{n} comments"'
    script = f'<script src="{newsroom.address}/counts.js" data-site="quillhaven" {words} async></script>'
    page.goto(paper(f"<body><ul>{known}{polish}{foreign}{spans}</ul>{script}"))
    expect(page.locator("#goose")).to_have_text(re.compile(r"^\d+ comments$"))
    expect(page.locator("#polish")).to_have_text(re.compile(r"^\d+ komentarz[ey]$"))
    expect(page.locator("#url")).to_have_text("no comments")
    expect(page.locator("li").last).to_have_text("no comments")
    assert len([url for url in asked if "/counts.json" in url]) == 1

    late = '<p id="late"><span data-belowline-count data-story="none"></span></p>'
    page.evaluate("late => document.body.insertAdjacentHTML('beforeend', late)", late)
    page.evaluate("Belowline.counts()")
    expect(page.locator("#late")).to_have_text("no comments")
    assert len([url for url in asked if "/counts.json" in url]) == 2


def test_the_papers_own_look(newsroom, chromium: Browser, page: Page, paper):
    """By attributes, by the site's theme, light and dark, and as the paper switches; text stays readable."""
    look = 'data-accent="#e63946" data-paper="#fff8f0" data-font="Georgia, serif" data-radius="0px" data-text="110%"'
    page.emulate_media(color_scheme="light")
    page.goto(paper(discussion(newsroom, look + ' data-line="red"')))
    expect(page.frame_locator("iframe").get_by_role("article").first).to_be_visible()
    frame = page.locator("iframe").element_handle().content_frame()

    def token(name: str) -> str:
        return frame.evaluate(f"getComputedStyle(document.documentElement).getPropertyValue('--{name}').trim()")

    def body() -> str:
        return frame.evaluate("getComputedStyle(document.documentElement).backgroundColor")

    wait_for(page, lambda: token("paper") == "#fff8f0")
    assert token("accent") not in {"#e63946", "#0a5a63"}  # mended: it could not be read on this paper
    assert (token("serif"), token("radius"), token("text")) == ("Georgia, serif", "0px", "110%")
    assert body() == "rgb(255, 248, 240)"
    page.emulate_media(color_scheme="dark")
    wait_for(page, lambda: body() == "rgb(22, 24, 26)")
    page.evaluate("Belowline.restyle({ theme: 'light' })")
    wait_for(page, lambda: body() == "rgb(255, 248, 240)")
    with page.expect_event("framenavigated"):
        frame.locator("nav a[href*=order]").last.click()
    expect(page.frame_locator("iframe").locator("nav a[aria-current]").last).to_be_visible()
    wait_for(page, lambda: body() == "rgb(255, 248, 240)")  # the next page in the frame keeps it
    page.evaluate("Belowline.restyle({ theme: 'dark', accent: '#ffd166', paperDark: '#0b1f2a' })")
    wait_for(page, lambda: body() == "rgb(11, 31, 42)" and token("accent") == "#ffd166")

    manage(newsroom, "theme", "quillhaven", "accent=#8a1c2b", "accent-dark=")
    try:
        quiet = chromium.new_context(java_script_enabled=False)
        plain = quiet.new_page()
        plain.goto(f"{newsroom.address}/embed/?site=quillhaven&story={STORY}")
        assert plain.locator('link[href*="/sites/quillhaven/theme.css?v="]').count() == 1
        button = plain.locator(".button").first
        expect(button).to_have_css("background-color", "rgb(138, 28, 43)")
        quiet.close()
    finally:
        manage(newsroom, "theme", "quillhaven", "accent=#7a1f1f", "accent-dark=#e09a9a")


PAGES = {
    "a light page": ("", "rgb(255, 255, 255)"),
    "a page with a light box": ("<style>main { background: #fff8f0 }</style>", "rgb(255, 255, 255)"),
    "a dark page": ("<style>body { background: rgba(10, 10, 20, 0.9) }</style>", "rgb(22, 24, 26)"),
    "a page that follows the system": ("<style>:root { color-scheme: light dark }</style>", "rgb(22, 24, 26)"),
    "a page that says so in its head": ('<meta name="color-scheme" content="dark light">', "rgb(22, 24, 26)"),
    "a page that speaks of colours in another way": (
        "<style>body { background: oklch(1 0 0) }</style>",
        "rgb(22, 24, 26)",
    ),
}


@pytest.mark.parametrize(("style", "ground"), PAGES.values(), ids=PAGES)
def test_a_reader_of_the_night_on(newsroom, page: Page, paper, style: str, ground: str):
    """The section is as the page is, where the page says so."""
    page.emulate_media(color_scheme="dark")
    page.goto(paper(style + discussion(newsroom, "", "<main>", "</main>")))
    expect(page.frame_locator("iframe").get_by_role("article").first).to_be_visible()
    assert page.frames[1].evaluate("getComputedStyle(document.documentElement).backgroundColor") == ground


def wait_for(page: Page, holds) -> None:
    """Ask until it is so, a tenth of a second apart."""
    for _ in range(100):
        if holds():
            return
        page.wait_for_timeout(100)
    assert holds()


def test_one_comment_on_another_site(newsroom, page: Page, paper):
    """By its oEmbed, in a frame that has the height it needs; nothing there asks who reads."""
    page.goto(f"{newsroom.address}/comments/1/")
    address = page.locator('link[type="application/json+oembed"]').get_attribute("href")
    described = json.loads(page.request.get(address).text())
    assert (described["version"], described["type"]) == ("1.0", "rich")
    page.goto(paper(f"<body><p>An article elsewhere.</p>{described['html']}<p>It goes on.</p>"))
    frame = page.frame_locator("iframe[title=Comment]")
    expect(frame.get_by_text(described["author_name"], exact=True)).to_be_visible()
    wait_for(
        page,
        lambda: (
            abs(
                page.locator("iframe").bounding_box()["height"]
                - page.frames[1].evaluate("document.documentElement.offsetHeight")
            )
            <= 1
        ),
    )
    assert page.locator("iframe").bounding_box()["height"] < 500
    page.evaluate("Belowline.unmount('[data-belowline-comment]')")
    expect(page.locator("blockquote")).to_contain_text(described["author_name"])


def test_on_paper(newsroom, page: Page):
    """Comments in black, without what one clicks."""
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(f"{newsroom.address}/embed/?site=quillhaven&story={STORY}")
    expect(page.get_by_role("article").first).to_be_visible()
    for selector in (".composer", ".tools", ".comment footer"):
        assert page.locator(selector).count()
        expect(page.locator(selector).first).to_be_hidden()
    expect(page.locator("html")).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(page.locator(".comment .text").first).to_have_css("color", "rgb(0, 0, 0)")


def test_what_search_engines_read_is_no_script(newsroom, page: Page):
    """The policy refuses every script within a page; a block of data is none. The page fixture fails on a report."""
    page.goto(f"{newsroom.address}/comments/1/")
    data = json.loads(page.locator('script[type="application/ld+json"]').text_content())
    assert data["comment"][0]["@type"] == "Comment"
    page.goto(f"{newsroom.address}/discussion/1/fragment/")
    assert len(json.loads(page.locator('script[type="application/ld+json"]').text_content())["comment"]) > 5
