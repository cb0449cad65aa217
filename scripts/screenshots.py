"""`make screenshots`: pictures of readers' pages and of the desk for the documentation, from a newsroom of the demo.

    python scripts/screenshots.py [--only thread] [--out docs/images]

Sets a demo newsroom up in a folder of its own, lets readers write and an editor pick, and takes every page of SHOTS.
Pictures are reduced to 128 colours, so that each stays small.
"""

import argparse
import io
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")
MAX_BYTES = 200_000
COLOURS = 128
PASSWORD = "demo-password"  # noqa: S105 - of invented people, in a demo
READER, EDITOR, OTHER = "reader@example.org", "editor@example.org", "night@example.org"
STORY = "harbour-bridge-closed"
BAND = "/desk/bands/?rule=off_topic&from=0&to=20"
MARKDOWN = (
    "> You'll lose one day in six to the wind until Christmas.\n\n"
    "That is what *nobody* at the council says. We need:\n\n- a **night bus**\n- cables that are inspected on time\n\n"
    "[The inspector's report](https://example.org/report) asked for both."
)
OWN = "I walk over this bridge after every night shift, and the first ferry leaves forty minutes after I finish."
REPLY = "The harbour office says that the ferries will run all night from Monday, as long as the bridge is closed."
INSULT = "You are all pathetic idiots, shut up about your bridge."


class Variant(NamedTuple):
    """A way to look at a page."""

    width: int
    height: int
    options: dict[str, Any]
    query: str = ""


VARIANTS = {
    "desktop": Variant(1280, 900, {}),
    "tablet": Variant(820, 1100, {}),
    "phone": Variant(390, 844, {"is_mobile": True, "has_touch": True}),
    "dark": Variant(1280, 900, {"color_scheme": "dark"}),
    "arabic": Variant(1280, 900, {}, "lang=ar"),
    "zoom": Variant(640, 450, {"device_scale_factor": 2}),
}
"""`zoom`: a window of 1280 pixels at 200 per cent."""
ALL = tuple(VARIANTS)
DESK = ("desktop", "phone", "dark")


class Shot(NamedTuple):
    """A page of the documentation."""

    path: str
    """{story}, {comment} (the reader's own), {other}, {insult} and {reader} (both numbers) are filled in."""
    who: str | None
    variants: tuple[str, ...]
    act: str = ""
    """What is done first: a method of Scene."""
    folder: str = "reader"
    """Of docs/images."""


SHOTS = {
    "thread": Shot("/discussion/{story}/", None, ALL),
    "composer": Shot("/discussion/{story}/", READER, ("desktop", "phone", "dark", "arabic"), "write"),
    "comment": Shot("/comments/{comment}/", None, ("desktop", "phone", "arabic")),
    "more": Shot("/comments/{other}/more/", READER, ("phone",)),
    "report": Shot("/comments/{other}/report/", READER, ("desktop", "phone")),
    "my-comments": Shot("/me/", READER, ("desktop", "phone", "dark", "arabic")),
    "notifications": Shot("/me/notifications/", READER, ("desktop", "phone", "dark")),
    "settings": Shot("/me/settings/", READER, ("desktop", "phone", "arabic")),
    "sign-in": Shot("/accounts/login/", None, ("desktop", "phone", "dark", "arabic")),
    "controls": Shot("/discussion/{story}/controls/", EDITOR, ("desktop", "phone")),
    "framed": Shot(f"/news/{STORY}/", None, ("desktop", "phone"), "scroll"),
    "overview": Shot("/desk/overview/", EDITOR, DESK, folder="desk"),
    "queue": Shot("/desk/", EDITOR, DESK, "read", folder="desk"),
    "bands": Shot(BAND, EDITOR, DESK, folder="desk"),
    "search": Shot("/desk/search/?q=bridge", EDITOR, DESK, folder="desk"),
    "search-batch": Shot("/desk/search/?q=bridge", EDITOR, DESK, "choose", folder="desk"),
    "reports": Shot("/desk/reports/", EDITOR, DESK, folder="desk"),
    "commenter": Shot("/desk/commenters/{reader}/?comment={insult}", EDITOR, DESK, folder="desk"),
    "reject-all": Shot("/desk/commenters/{reader}/reject-all/", EDITOR, ("phone",), folder="desk"),
    "measures": Shot("/desk/sanctions/", EDITOR, ("phone",), folder="desk"),
    "templates": Shot("/desk/templates/", EDITOR, ("dark",), folder="desk"),
    "insights": Shot("/desk/insights/", EDITOR, DESK, folder="desk"),
    "guarantees": Shot("/desk/guarantees/", EDITOR, DESK, folder="desk"),
    "people": Shot("/desk/people/", EDITOR, DESK, folder="desk"),
    "looks": Shot("/desk/looks/", EDITOR, ("dark",), folder="desk"),
    "handover": Shot("/desk/handover/", EDITOR, ("desktop",), folder="desk"),
    "bands-undo": Shot(BAND, EDITOR, ("desktop",), "reject", folder="desk"),
}


class Scene:
    """The newsroom as the pictures show it."""

    def __init__(self, browser: Browser, address: str, data: Path) -> None:
        self.browser, self.address, self.data = browser, address, data
        self.sessions: dict[str, Any] = {}
        self.story = self.comment = self.other = self.insult = self.reader = ""

    def page(self, who: str | None, variant: Variant) -> Page:
        """Return a page of somebody who has signed in once."""
        if who and who not in self.sessions:
            context = self.browser.new_context()
            sign_in(context.new_page(), self.address, who)
            self.sessions[who] = context.storage_state()
            context.close()
        context = self.browser.new_context(
            viewport={"width": variant.width, "height": variant.height},
            storage_state=self.sessions.get(who or ""),
            reduced_motion="reduce",
            **variant.options,
        )
        return context.new_page()

    def prepare(self) -> None:
        """Let a reader write, others reply, and an editor pick."""
        article = urllib.request.urlopen(f"{self.address}/news/{STORY}/").read().decode()  # noqa: S310 - as below
        found = re.search(r"/discussion/(\d+)/", article)
        self.story = found[1] if found else ""
        page = self.page(READER, VARIANTS["desktop"])
        for text in (OWN, INSULT):
            self.post(page, text)
        self.comment = self.find(page, OWN)
        page.context.close()
        other = self.page(OTHER, VARIANTS["desktop"])
        self.post(other, REPLY, f"?reply={self.comment}")
        self.other = self.find(other, REPLY)
        self.report(other)
        for who in (EDITOR, OTHER):
            press(
                self.page(who, VARIANTS["desktop"]), f"{self.address}/comments/{self.comment}/recommend/", "Recommend"
            )
        editor = self.page(EDITOR, VARIANTS["desktop"])
        editor.goto(f"{self.address}/comments/{self.comment}/more/")
        pick(editor)
        self.prepare_desk()

    def prepare_desk(self) -> None:
        """Fill the desk, and find the reader's page and their insult."""
        command = [sys.executable, str(ROOT / "scripts/screenshot_desk.py")]
        subprocess.run(command, env=environment(self.data), check=True)  # noqa: S603 - our own
        desk = self.page(EDITOR, VARIANTS["desktop"])
        desk.goto(f"{self.address}/desk/search/?q={INSULT.split(maxsplit=4)[3]}&author=Robin")
        card = str(desk.get_by_role("link", name="Open its card").first.get_attribute("href"))
        self.insult = card.rpartition("=")[2]
        desk.goto(f"{self.address}/desk/comments/{self.insult}/")
        self.reader = str(desk.locator("[data-action=commenter]").get_attribute("href")).split("/")[-2]
        desk.context.close()

    def read(self, page: Page) -> None:
        """Bring the card into view where it stands below."""
        if page.viewport_size and page.viewport_size["width"] < 640:  # noqa: PLR2004 - a phone
            page.locator("#current-title").evaluate("node => node.scrollIntoView()")

    def choose(self, page: Page) -> None:
        """Choose two of what was found, and write a tag for them."""
        for box in page.locator("[name=chosen]").all()[-2:]:
            box.check()
        page.locator(".decide-many summary").click()
        page.locator("[name=word]").fill("letters page")
        page.locator(".decide-many").scroll_into_view_if_needed()
        page.locator(".decide-many").evaluate("node => node.scrollIntoView({block: 'end'})")

    def reject(self, page: Page) -> None:
        """Reject what lies in the band; it is left so."""
        page.get_by_role("button", name=re.compile("^Reject")).click()
        page.locator(".toast.live").wait_for()

    def report(self, page: Page) -> None:
        """Report what the first reader wrote, so that the desk has a report."""
        page.goto(f"{self.address}/comments/{self.comment}/report/")
        page.locator("[name=category][value=trolling]").check()
        page.locator("form", has=page.locator("[name=category]")).locator("button[type=submit], button").last.click()
        page.wait_for_load_state()

    def find(self, page: Page, text: str) -> str:
        """Return the id of the comment with this text."""
        page.goto(f"{self.address}/discussion/{self.story}/?order=newest")
        found = page.locator("article.comment", has_text=text).first
        return str(found.get_attribute("id")).removeprefix("c-")

    def post(self, page: Page, text: str, query: str = "") -> None:
        """Post a text, also where the form comes back with a nudge."""
        page.goto(f"{self.address}/discussion/{self.story}/{query}")
        page.locator("form[data-composer] textarea").first.fill(text)
        page.get_by_role("button", name="Post", exact=True).first.click()
        page.locator("#nudge, #outcome, [data-wait]").first.wait_for()
        if (wait := page.locator("[data-wait]")).count():  # who posts fast is asked to wait
            page.wait_for_timeout(1_000 * int(wait.get_attribute("data-wait") or 0) + 1_500)
            page.get_by_role("button", name="Post", exact=True).first.click()
            page.locator("#nudge, #outcome").first.wait_for()
        if (anyway := page.get_by_role("button", name="Post as it is")).count():
            anyway.first.click()
            page.locator("#outcome").wait_for()

    def write(self, page: Page) -> None:
        """Write something with Markdown, and look at it."""
        page.locator("form[data-composer] textarea").first.fill(MARKDOWN)
        page.locator("[data-preview]").first.click()
        page.locator("[data-preview-place] .text").first.wait_for()
        page.locator("form[data-composer]").first.scroll_into_view_if_needed()

    def scroll(self, page: Page) -> None:
        """Scroll to the comments in their frame."""
        page.locator("iframe").scroll_into_view_if_needed()
        page.wait_for_timeout(1_500)
        page.locator("iframe").evaluate("node => node.scrollIntoView()")
        page.wait_for_timeout(300)


def sign_in(page: Page, address: str, email: str) -> None:
    """Sign in by password."""
    page.goto(f"{address}/accounts/login/")
    page.locator("input[type=email]").fill(email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("form", has=page.locator("input[type=password]")).locator("button").first.click()
    page.wait_for_url("**/me/**")


def press(page: Page, address: str, name: str) -> None:
    """Open a page and press a button on it, where there is one."""
    page.goto(address)
    button = page.get_by_role("button", name=name)
    if button.count():
        button.first.click()
        page.wait_for_load_state()
    page.context.close()


def pick(page: Page) -> None:
    """Pick the comment with a sentence, where the page offers it."""
    if (sentence := page.locator("[name=sentence]")).count():
        sentence.first.fill("What the closure means for those who work at night.")
        sentence.first.locator("xpath=ancestor::form").locator("button").first.click()
        page.wait_for_load_state()
    page.context.close()


@contextmanager
def demo() -> Iterator[tuple[str, Path]]:
    """Serve a demo newsroom; yields its address and the folder of its data."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "belowline", "demo", "--data", f"{folder}/data", "--port", str(port)]
        process = subprocess.Popen(command, env=clean(), stdout=subprocess.DEVNULL, start_new_session=True)  # noqa: S603
        try:
            wait_for(f"http://localhost:{port}/healthz", process)
            yield f"http://localhost:{port}", Path(folder) / "data"
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=30)


def clean() -> dict[str, str]:
    """Return our environment without settings of a newsroom."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("BELOWLINE_", "DATABASE"))}


def environment(data: Path) -> dict[str, str]:
    """Return the environment of a program that works in the demo's data."""
    there = {"BELOWLINE_DATA_DIR": str(data), "DATABASE_URL": f"sqlite:///{data / 'belowline.sqlite3'}"}
    return clean() | there | {"DJANGO_SETTINGS_MODULE": "belowline.config.settings"}


def wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait until the newsroom answers.

    Raises:
        SystemExit: it ended.
    """
    while process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).read()  # noqa: S310 - our own server
        except OSError:
            time.sleep(0.3)
        else:
            return
    raise SystemExit("the newsroom did not start")


def take(scene: Scene, name: str, shot: Shot, variant: str, out: Path) -> None:
    """Take one picture and keep it small; a page that is not there is said."""
    look = VARIANTS[variant]
    page = scene.page(shot.who, look)
    names = {name: getattr(scene, name) for name in ("story", "comment", "other", "insult", "reader")}
    path = shot.path.format(**names)
    query = f"{'&' if '?' in path else '?'}{look.query}" if look.query else ""
    response = page.goto(scene.address + path + query)
    if response is None or not response.ok:
        print(f"{name}: {shot.path} answers {response and response.status}", file=sys.stderr)
    else:
        page.wait_for_timeout(400)
        if shot.act:
            getattr(scene, shot.act)(page)
        (out / shot.folder).mkdir(parents=True, exist_ok=True)
        save(page.screenshot(), out / shot.folder / f"{name}-{variant}.png")
    page.context.close()


def save(picture: bytes, path: Path) -> None:
    """Reduce the colours and write.

    Raises:
        SystemExit: it is still too big.
    """
    small = Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(path, optimize=True)
    if path.stat().st_size > MAX_BYTES:
        raise SystemExit(f"{path} has {path.stat().st_size:,} bytes, above {MAX_BYTES:,}")


def main() -> None:
    """Take all pictures, or those of one page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=SHOTS, nargs="+")
    parser.add_argument("--out", type=Path, default=ROOT / "docs/images")
    parser.add_argument("--chromium", default=next(filter(None, map(shutil.which, BROWSERS)), None))
    asked = parser.parse_args()
    with demo() as (address, data), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=asked.chromium, args=["--no-sandbox", "--disable-gpu"])
        scene = Scene(browser, address, data)
        scene.prepare()
        for name, shot in SHOTS.items():
            for variant in shot.variants if not asked.only or name in asked.only else ():
                take(scene, name, shot, variant, asked.out)
        browser.close()


if __name__ == "__main__":
    main()
