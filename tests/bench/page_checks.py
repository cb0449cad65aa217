"""What Lighthouse would ask of a page, asked by script: each check says yes, or what is wrong."""

from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Frame, Page, Response

AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
}
MIN_COMPRESSED = 1_000
"""Texts of fewer bytes gain nothing from packing."""
PHONE = {"width": 390, "height": 844}
Check = tuple[str, bool, str]
HEAD = """() => {
  const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content || "";
  return {
    doctype: document.doctype?.name === "html", charset: document.characterSet === "UTF-8", title: document.title,
    lang: document.documentElement.lang, viewport: meta("viewport"), description: meta("description"),
    blocking: [...document.head.querySelectorAll("script[src]:not([defer]):not([async]):not([type=module])")]
      .map((node) => node.src).filter((address) => !address.startsWith(location.origin)),
    sheets: [...document.querySelectorAll("link[rel=stylesheet]")]
      .map((node) => node.href).filter((address) => !address.startsWith(location.origin)),
    sizeless: [...document.images].filter((node) => !node.width || !node.hasAttribute("width")).map((node) => node.src),
    inline: document.querySelectorAll("script:not([src]):not([type*=json]), [style]").length,
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    small: [...document.querySelectorAll("p, a, li, button, label, span, time")]
      .filter((node) => node.offsetParent && node.textContent.trim())
      .filter((node) => parseFloat(getComputedStyle(node).fontSize) < 12)
      .map((node) => node.className || node.tagName),
    idle: [...document.querySelectorAll("a:not([href])")].length,
    nodes: document.querySelectorAll("*").length,
  };
}"""


def check_page(browser: Browser, address: str) -> list[Check]:
    """Open a page on a telephone and ask everything; a framed discussion is asked in its frame."""
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True)
    context.add_init_script(
        "window.__violations = []; addEventListener('securitypolicyviolation', (event) => "
        "window.__violations.push(event.violatedDirective + ' ' + event.blockedURI));"
    )
    page = context.new_page()
    errors: list[str] = []
    responses: list[Response] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("response", lambda response: responses.append(response))  # noqa: PLW0108 - Playwright marks handlers
    page.goto(address, wait_until="networkidle")
    frame = next((one for one in page.frames if "/discussion/" in one.url), page.main_frame)
    found = [*of_document(frame), *of_wire(frame, responses), *of_behaviour(page, frame, errors)]
    context.close()
    return found


def of_document(frame: Frame) -> list[Check]:
    """Ask the document itself."""
    head: dict[str, Any] = frame.evaluate(HEAD)
    return [
        ("doctype and UTF-8", head["doctype"] and head["charset"], str(head)),
        ("title", bool(head["title"].strip()), "there is none"),
        ("language", bool(head["lang"]), "there is none"),
        ("viewport", "width=device-width" in head["viewport"] and "user-scalable" not in head["viewport"], "bad"),
        ("description", bool(head["description"]), "there is none"),
        ("nothing of others that blocks", not head["blocking"] + head["sheets"], ", ".join(head["blocking"])),
        ("no inline script or style", not head["inline"], f"{head['inline']} of them"),
        ("pictures have sizes", not head["sizeless"], ", ".join(head["sizeless"])),
        ("letters of 12 px and more", not head["small"], ", ".join(sorted(set(head["small"])))),
        ("links lead somewhere", not head["idle"], f"{head['idle']} do not"),
        ("fewer than 1,500 elements", head["nodes"] < 1_500, f"{head['nodes']:,}"),
        ("no sideways scrolling at 390 px", head["wide"] <= 0, f"{head['wide']} px"),
    ]


def of_wire(frame: Frame, responses: list[Response]) -> list[Check]:
    """Ask what came from where, and how."""
    origin = urlsplit(frame.url).netloc
    ours = [one for one in responses if urlsplit(one.url).netloc == origin and one.request.resource_type != "other"]
    loose = [
        urlsplit(one.url).path
        for one in ours
        if one.status == 200 and len(one.body()) > MIN_COMPRESSED and "content-encoding" not in one.headers
    ]
    strangers = {urlsplit(one.url).hostname for one in responses if one.url.startswith("http")} - {"localhost"}
    failed = [f"{one.status} {urlsplit(one.url).path}" for one in responses if one.status >= 400]
    policy = next((one.headers.get("content-security-policy", "") for one in ours if one.url == frame.url), "")
    return [
        ("texts are compressed", not loose, ", ".join(loose)),
        ("nothing from third parties", not strangers, ", ".join(map(str, strangers))),
        ("no failed request", not failed, ", ".join(failed)),
        ("a policy without unsafe-inline", "default-src" in policy and "unsafe" not in policy, policy or "none"),
    ]


def of_behaviour(page: Page, frame: Frame, errors: list[str]) -> list[Check]:
    """Ask the console, the content security policy, and axe: contrast and sizes of targets among the rest."""
    violations = frame.evaluate("window.__violations")
    outcome = Axe().run(page, options=AXE).response["violations"]
    axe = sorted(f"{one['id']} ({len(one['nodes'])})" for one in outcome)
    return [
        ("no error in the console", not errors, "; ".join(errors)),
        ("no violation of the policy", not violations, ", ".join(violations)),
        ("axe: contrast, targets of 24 px and all of WCAG 2.2 AA", not axe, ", ".join(axe)),
    ]
