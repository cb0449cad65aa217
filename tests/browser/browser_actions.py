"""What several browser tests do."""

from playwright.sync_api import Page, expect


def sign_in(page: Page, newsroom, email: str, password: str = "demo-password") -> None:
    """Sign in by password."""
    page.goto(f"{newsroom.address}/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def wait_until(page: Page, expression: str, *, tries: int = 100) -> None:
    """Ask the page until an expression is true, a tenth of a second apart.

    Not `wait_for_function`: where it has to ask twice it evaluates text within the page, which our own policy forbids.
    """
    for _ in range(tries):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"still not true: {expression}")
