"""What several browser tests do."""

from playwright.sync_api import Page, expect


def sign_in(page: Page, newsroom, email: str, password: str = "demo-password") -> None:
    """Sign in by password."""
    page.goto(f"{newsroom.address}/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
