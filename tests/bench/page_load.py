"""One page opened in Chromium as a new visitor has it: what came over the wire, when the first comment was painted."""

import gzip
import shutil
from typing import NamedTuple

from playwright.sync_api import Browser, Page, Response

BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
"""Without a window of its own if it can be: what that costs is not the page's."""
SLOWER = 4
"""How many times the processor is slowed, as Lighthouse does for a telephone."""
VIEWPORT = {"width": 1280, "height": 1000}
SETTLED_MS = 1_500
"""How long after `load` shifts of the layout are still counted."""
WATCH = """(() => {
  const selector = %s;
  window.__shift = 0;
  window.__violations = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.__shift += entry.value;
  }).observe({type: "layout-shift", buffered: true});
  new PerformanceObserver((list) => {
    const [entry] = list.getEntries();
    window.__painted = window.__painted || performance.timeOrigin + (entry.renderTime || entry.startTime);
  }).observe({type: "element", buffered: true});
  addEventListener("securitypolicyviolation", (event) => window.__violations.push(event.violatedDirective));
  const mark = () => {
    const first = document.querySelector(selector);
    if (first && !first.hasAttribute("elementtiming")) { first.setAttribute("elementtiming", "first"); return true; }
    return Boolean(first);
  };
  new MutationObserver((_, observer) => { if (mark()) observer.disconnect(); })
    .observe(document, {childList: true, subtree: true});
})()"""
"""Marks the first comment's first paragraph before it is painted, so that Element Timing tells when that happened."""


class Load(NamedTuple):
    """What one opening of a page cost."""

    html: int
    """Bytes over the wire, headers included; `gzipped` is what all of it would be if its server packed it."""
    css: int
    js: int
    other: int
    js_packed: int
    """Of the scripts, the packed bodies alone."""
    gzipped: int
    painted_ms: float
    """From the start of the navigation to the paint of the first comment (Element Timing); inf: never."""
    shift: float
    """Cumulative layout shift, of the page and its frames."""

    @property
    def total(self) -> int:
        """Everything."""
        return self.html + self.css + self.js + self.other


KINDS = {"Document": "html", "Stylesheet": "css", "Script": "js"}


def open_page(browser: Browser, address: str, selector: str, *, slower: int = SLOWER) -> Load:
    """Open a page with an empty cache and a slowed processor, and measure."""
    context = browser.new_context(viewport=VIEWPORT)
    context.add_init_script(WATCH % repr(selector))
    page = context.new_page()
    sizes, bodies = watch_wire(page)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.goto(address, wait_until="load")
    painted = painted_at(page)
    page.wait_for_timeout(SETTLED_MS)
    found = Load(
        **{kind: sizes.get(kind, 0) for kind in ("html", "css", "js", "other")},
        js_packed=sum(
            int(one.headers.get("content-length", 0)) for one in bodies if one.request.resource_type == "script"
        ),
        gzipped=sum(len(gzip.compress(body_of(response), 6)) for response in bodies),
        painted_ms=painted,
        shift=sum(frame.evaluate("window.__shift || 0") for frame in page.frames),
    )
    context.close()
    return found


def watch_wire(page: Page) -> tuple[dict[str, int], list[Response]]:
    """Add up what arrives, by kind, headers included."""
    kinds: dict[str, str] = {}
    sizes: dict[str, int] = {}
    responses: list[Response] = []
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")

    def arrived(event: dict) -> None:
        kinds[event["requestId"]] = KINDS.get(event["type"], "other")

    def redirected(event: dict) -> None:
        if "redirectResponse" in event:
            kind = KINDS.get(event.get("type", ""), "other")
            sizes[kind] = sizes.get(kind, 0) + int(event["redirectResponse"]["encodedDataLength"])

    def finished(event: dict) -> None:
        kind = kinds.get(event["requestId"], "other")
        sizes[kind] = sizes.get(kind, 0) + int(event["encodedDataLength"])

    client.on("Network.requestWillBeSent", redirected)
    client.on("Network.responseReceived", arrived)
    client.on("Network.loadingFinished", finished)
    page.on("response", lambda response: responses.append(response) if response.url.startswith("http") else None)
    return sizes, responses


def body_of(response: Response) -> bytes:
    """Return a response's body, unpacked; empty where it has none."""
    return b"" if 300 <= response.status < 400 or response.status == 204 else response.body()


def painted_at(page: Page, tries: int = 300) -> float:
    """Wait for the paint of the first comment, in the page or a frame; milliseconds from the navigation's start."""
    for _ in range(tries):
        for frame in page.frames:
            if moment := frame.evaluate("window.__painted || 0"):
                return float(moment - page.evaluate("performance.timeOrigin"))
        page.wait_for_timeout(100)
    return float("inf")
