"""Sees whether anything that somebody wrote came alive on a page: what ran, what was asked for, what stands there."""

from contextlib import suppress
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Dialog, Error, Frame, Page, Request, Route

HOOKS = """(() => {
  window.__hits = [];
  for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = () => { window.__hits.push(name); };
  addEventListener("securitypolicyviolation", (event) => {
    window.__hits.push(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
  });
})()"""
ALIVE = """() => {
  const found = [];
  const say = (node, what) => found.push(`${what} in ${node.outerHTML.slice(0, 120)}`);
  const allowed = new Set("P BR EM STRONG BLOCKQUOTE UL OL LI A CODE DIV".split(" "));
  const own = (address) => new URL(address, location.href).origin === location.origin;
  for (const node of document.querySelectorAll("*")) {
    for (const {name, value} of node.attributes) {
      if (/^on|^(data-)?hx-on|^srcdoc$|^style$|^ping$/.test(name)) say(node, name);
      if (/^(href|src|action|formaction|xlink:href|data|poster|background)$/.test(name)) {
        let address;
        try { address = new URL(value, location.href); } catch { continue; }
        if (!/^(https?|mailto):$/.test(address.protocol) && value !== "data:,") say(node, address.protocol);
        if (!/^a$|^link$/i.test(node.tagName) && !own(address.href)) say(node, "foreign " + name);
        if (/^(get|post|load)/.test(node.getAttribute("hx-trigger") || "")) say(node, "hx-trigger");
      }
    }
    const tag = node.tagName.toUpperCase();
    if (tag === "TEMPLATE" && node.id === "nothing") continue;  // the desk's own, for an empty queue
    if (/^(BASE|OBJECT|EMBED|APPLET|FRAMESET|PORTAL|STYLE|TEMPLATE|MATH|MARQUEE|IFRAME)$/.test(tag)) say(node, tag);
    if (tag === "META" && node.httpEquiv) say(node, "http-equiv");
    if (tag === "SCRIPT" && !/json$/.test(node.type) && !(node.src && own(node.src))) say(node, "script");
    if (tag === "LINK" && /stylesheet|manifest|prefetch|preload/.test(node.rel) && !own(node.href)) say(node, "link");
    if (node.closest(".comment .text, [data-preview-place] .text, .single .text") && !node.matches(".text")) {
      if (!allowed.has(tag)) say(node, "tag of a comment");
      if (node.getAttributeNames().some((name) => !(tag === "A" && /^(href|rel|dir|target)$/.test(name))
        && !/^(dir|lang)$/.test(name))) say(node, "attribute of a comment");
    }
  }
  return found;
}"""
SCRIPTS_CAME = """() => new Promise((came) => {
  const look = () => !document.querySelector("script[data-later]") || window.htmx ? came() : setTimeout(look, 5);
  look();
})"""
"""Ours are asked for after the first paint."""
JSON_SAFE = ("application/json", "application/json+oembed", "application/problem+json")


class Watch:
    """A browser that notes everything which a page should never do."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.address = address
        self.host = urlsplit(address).netloc
        self.page = context.new_page()
        self.found: list[str] = []
        context.add_init_script(HOOKS)
        context.route("**/*", self._pass)
        self.page.on("dialog", self._dialog)
        self.page.on("framenavigated", self._moved)
        self.page.on("request", self._asked)
        self.path = ""

    def visit(self, path: str) -> Page:
        """Open a page of ours, and note what is wrong with it."""
        self.path = path
        response = self.page.goto(self.address + path)
        assert response is not None, path
        assert response.status < 500, f"{path} answers {response.status}"
        kind = response.headers.get("content-type", "").partition(";")[0]
        if kind == "text/html":
            self._wait_for_scripts()
            self.look()
        else:
            if kind not in JSON_SAFE and not kind.endswith("+xml"):
                self._note(f"is sent as {kind}")
            if response.headers.get("x-content-type-options") != "nosniff":
                self._note("may be sniffed")
        return self.page

    def _wait_for_scripts(self) -> None:
        with suppress(Error):  # a page that leads away by itself: that is noted where it happens
            self.page.evaluate(SCRIPTS_CAME)

    def look(self) -> None:
        """Note what stands on the page as it is, and what has run."""
        for frame in self.page.frames:
            try:
                found = [*frame.evaluate("window.__hits || []"), *frame.evaluate(ALIVE)]
            except Error:
                found = ["went away while it was looked at"]
            for what in found:
                self._note(str(what))

    def _note(self, what: str) -> None:
        self.found.append(f"{self.path[:60]}: {what}")

    def _dialog(self, dialog: Dialog) -> None:
        self._note(f"dialog {dialog.message}")
        dialog.dismiss()

    def _moved(self, frame: Frame) -> None:
        if frame == self.page.main_frame and urlsplit(frame.url).netloc != self.host:
            self._note(f"went to {frame.url}")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme != "data" and parts.netloc != self.host:
            self._note(f"asked for {request.url}")

    def _pass(self, route: Route) -> None:
        if urlsplit(route.request.url).netloc == self.host:
            route.continue_()
        else:
            route.abort()
