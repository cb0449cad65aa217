"""What several browser tests do."""

from playwright.sync_api import Locator, Page, expect


def sign_in(page: Page, newsroom, email: str, password: str = "demo-password") -> None:
    """Sign in by password, and wait for the page that this leads to."""
    page.goto(f"{newsroom.address}/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.wait_for_load_state()


def wait_until(page: Page, expression: str, *, tries: int = 100) -> None:
    """Ask the page until an expression is true, a tenth of a second apart.

    Not `wait_for_function`: where it has to ask twice it evaluates text within the page, which our own policy forbids.
    """
    for _ in range(tries):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"still not true: {expression}")


def press_until(page: Page, name: str, role: str = "link", limit: int = 60, within: Locator | None = None) -> None:
    """Press Tab until the element with this role and name, of the page or within a part of it, has the focus."""
    target = (within or page).get_by_role(role, name=name).first
    for _ in range(limit):
        page.keyboard.press("Tab")
        if target.evaluate("node => node === document.activeElement"):
            outline = target.evaluate("node => getComputedStyle(node).outlineStyle")
            assert outline != "none", f"{name} shows no focus"
            return
    raise AssertionError(f"{name} is not reached by {limit} presses of Tab")
