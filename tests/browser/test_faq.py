"""The help pages in a real browser: found by the contents, on a phone, on paper; own words written by keyboard."""

import os
import subprocess
import sys

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_actions import sign_in
from playwright.sync_api import Browser, Page, expect

from belowline.engine.signals.abuse import VERSION

ADMIN = """
import django
django.setup()
from allauth.account.models import EmailAddress
from belowline.accounts.models import User
user = User.objects.create_user(
    email="admin@example.org", password="demo-password", display_name="Ada Quill", role="admin"
)
EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
"""


@pytest.fixture(scope="module")
def admin(newsroom):
    """The address of an administrator of the newsroom."""
    environment = os.environ | {
        "BELOWLINE_DATA_DIR": str(newsroom.folder),
        "DJANGO_SETTINGS_MODULE": "belowline.config.settings",
    }
    subprocess.run([sys.executable, "-c", ADMIN], env=environment, check=True)
    return "admin@example.org"


def test_a_question_is_found_by_the_contents(page: Page, newsroom):
    page.goto(f"{newsroom.address}/faq/")
    contents = page.get_by_role("navigation", name="Questions")
    contents.get_by_role("link", name="How do I appeal?").click()

    expect(page).to_have_url(f"{newsroom.address}/faq/#appeal")
    expect(page.get_by_role("heading", name="How do I appeal?")).to_be_in_viewport()


def test_a_question_is_found_on_a_phone(chromium: Browser, newsroom):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    page.goto(f"{newsroom.address}/faq/")
    expect(page.get_by_role("navigation", name="Questions")).to_be_hidden()
    page.get_by_text("All questions").click()
    page.get_by_role("link", name="What do you store, for how long, and who sees it?").first.tap()

    expect(page.get_by_role("heading", name="What do you store")).to_be_in_viewport()
    context.close()


def test_on_paper_there_are_answers_and_no_contents(page: Page, newsroom):
    page.goto(f"{newsroom.address}/faq/")
    page.emulate_media(media="print")

    expect(page.get_by_role("navigation", name="Questions")).to_be_hidden()
    expect(page.get_by_text("All questions")).to_be_hidden()
    expect(page.get_by_role("heading", name="Do you edit comments?")).to_be_visible()


def test_from_the_faq_to_the_figures_and_the_model(page: Page, newsroom):
    page.goto(f"{newsroom.address}/faq/")
    page.get_by_role("link", name="Figures, errors and changes of the rules").click()
    expect(page.get_by_role("heading", name="Transparency", exact=True)).to_be_visible()
    page.get_by_role("link", name=VERSION).click()

    expect(page.get_by_role("heading", name=f"Model card: {VERSION}")).to_be_visible()


def test_an_administrator_writes_by_keyboard_alone(chromium: Browser, newsroom, admin):
    context = chromium.new_context(reduced_motion="reduce")
    page = context.new_page()
    sign_in(page, newsroom, admin)
    page.goto(f"{newsroom.address}/desk/faq/")
    page.get_by_role("link", name="Add words to “Who decides, and are they independent?”").focus()
    page.keyboard.press("Enter")
    field = page.get_by_label("The Quillhaven Gazette’s own words (English)")
    field.focus()
    page.keyboard.type("Four of us, **by day**.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Preview, not saved")).to_be_visible()
    expect(page.locator(".own strong")).to_have_text("by day")
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()

    field.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved: “Who decides, and are they independent?”")).to_be_visible()
    page.goto(f"{newsroom.address}/faq/#who-decides")
    answer = page.locator("#who-decides")
    expect(answer.locator(".own")).to_have_text("Four of us, by day.")
    expect(answer.locator(".as-set")).to_contain_text("As set today")
    expect(answer.locator(".as-set")).to_contain_text("by the moderators of The Quillhaven Gazette")
    context.close()
