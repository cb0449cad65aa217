"""What every page of ours keeps, asked of the page itself: targets, focus, motion, reflow."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
SMALL_TARGETS = """(selector) => {
  const seen = (node) => node.checkVisibility({checkOpacity: true, checkVisibilityCSS: true})
    && !node.closest(".visually-hidden, .skip");
  const box = (node) => {
    const labelled = /^(radio|checkbox)$/.test(node.type) && node.labels && node.labels[0];
    return (labelled || node).getBoundingClientRect();
  };
  const all = [...document.querySelectorAll(selector)].filter(seen).map((node) => ({node, rect: box(node)}))
    .filter(({rect}) => rect.width > 1 && rect.height > 1);
  const middle = (rect) => [rect.left + rect.width / 2, rect.top + rect.height / 2];
  const gap = ([x, y], rect) => Math.hypot(
    Math.max(rect.left - x, 0, x - rect.right), Math.max(rect.top - y, 0, y - rect.bottom));
  const inSentence = (node) => {
    if (getComputedStyle(node).display !== "inline") return false;
    const around = node.parentElement.textContent.trim().length;
    return around > node.textContent.trim().length;
  };
  const apart = (one, other) => Math.hypot(one[0] - other[0], one[1] - other[1]);
  const isSmall = ({rect}) => rect.width < 24 || rect.height < 24;
  return all.filter(isSmall).filter(({node}) => !inSentence(node)).filter(({node, rect}) =>
    all.some((other) => other.node !== node && !node.contains(other.node) && !other.node.contains(node) && (
      gap(middle(rect), other.rect) < 12
      || (isSmall(other) && apart(middle(rect), middle(other.rect)) < 24)
    ))).map(({node, rect}) => `${Math.round(rect.width)} x ${Math.round(rect.height)}: ${node.outerHTML.slice(0, 90)}`);
}"""
"""WCAG 2.5.8: 24 by 24 pixels, but for links within sentences and targets with room around them."""
UNSEEN_FOCUS = """(selector) => [...document.querySelectorAll(selector)]
  .filter((node) => node.checkVisibility({checkVisibilityCSS: true}) && !node.disabled && node.tabIndex >= 0)
  .filter((node) => {
    node.focus();
    if (document.activeElement !== node) return false;
    const style = getComputedStyle(node);
    return (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 1) && style.boxShadow === "none";
  }).map((node) => node.outerHTML.slice(0, 90))"""
MOVING = """() => document.getAnimations().filter((one) => one.playState === "running")
  .map((one) => one.effect.target.outerHTML.slice(0, 90))"""
CUT_OFF = """() => [...document.querySelectorAll("body *")]
  .filter((node) => node.checkVisibility({checkOpacity: true, checkVisibilityCSS: true}))
  .filter((node) => !node.closest(".visually-hidden, .skip"))
  .filter((node) => {
    const style = getComputedStyle(node), rect = node.getBoundingClientRect();
    if (rect.right > innerWidth + 1 || rect.left < -1) return true;
    const hides = (what) => what === "hidden" || what === "clip";
    return (hides(style.overflowX) && node.scrollWidth > node.clientWidth + 1)
      || (hides(style.overflowY) && node.scrollHeight > node.clientHeight + 1);
  }).map((node) => node.outerHTML.slice(0, 90))"""
"""WCAG 1.4.4: what stands beyond the window's edge, or is hidden by the box that holds it."""


def cut_off(page: Page) -> list[str]:
    """Return what cannot be read in full on the page as it stands, and whether it scrolls sideways."""
    found = [f"cut off: {one}" for one in page.evaluate(CUT_OFF)]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*found, f"{wide} pixels wider than its window"] if wide > 0 else found


def faults(page: Page) -> list[str]:
    """Return what is wrong with the page as it stands."""
    found = [f"axe: {fault['id']}: {fault['nodes'][0]['html'][:90]}" for fault in axe(page)]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 0:
        found.append(f"{wide} pixels wider than its window")
    page.keyboard.press("Tab")  # focus shows as it does to those who use the keyboard
    for what, script, *given in (
        ("small target", SMALL_TARGETS, FOCUSABLE),
        ("focus unseen", UNSEEN_FOCUS, FOCUSABLE),
        ("moves", MOVING),
    ):
        found += [f"{what}: {one}" for one in page.evaluate(script, *given)]
    return found


def axe(page: Page) -> list[dict]:
    """Return what axe finds, sizes of targets included."""
    return Axe().run(page, options=AXE).response["violations"]
