"""The page that shows what an API key was used for: by keyboard, by axe, on a phone."""

import json
import os
import subprocess
import sys
import time
import urllib.request

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

COMMENT = {"comment": {"text": "The bridge should stay open."}, "requestedAttributes": {"TOXICITY": {}}}


def make_key(folder) -> str:
    """Make a key in the newsroom's database, as its operator would."""
    environment = os.environ | {"BELOWLINE_DATA_DIR": str(folder)}
    command = [sys.executable, "-m", "belowline", "keys", "create", "Our site"]
    return subprocess.run(command, env=environment, capture_output=True, check=True, text=True).stdout.strip()


def ask_until_counted(page: Page, address: str, key: str) -> None:
    """Ask for the key's use by keyboard, again until it shows: another process may have counted, and writes later."""
    deadline = time.monotonic() + 60
    while not page.get_by_role("table").count():
        assert time.monotonic() < deadline, "the calls were never counted"
        page.goto(address)
        page.get_by_label("API key").focus()
        page.keyboard.type(key)
        page.keyboard.press("Enter")
        expect(page.get_by_text("Our site")).to_be_visible()


def test_a_key_shows_its_use(newsroom, page: Page):
    key = make_key(newsroom.folder)
    for _ in range(3):
        address = f"{newsroom.address}/v1alpha1/comments:analyze?key={key}"
        urllib.request.urlopen(address, data=json.dumps(COMMENT).encode()).read()
    page.set_viewport_size({"width": 390, "height": 844})
    ask_until_counted(page, f"{newsroom.address}/usage/", key)

    expect(page.get_by_text("Our site")).to_be_visible()
    expect(page.get_by_role("table")).to_contain_text("Comments")
    assert key not in page.url
    assert key not in page.content()
    assert Axe().run(page).violations_count == 0
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_an_unknown_key_is_said(newsroom, page: Page):
    page.goto(f"{newsroom.address}/usage/")
    page.get_by_label("API key").fill("bl_nonsense")
    page.get_by_role("button", name="Show its use").click()

    expect(page.get_by_role("alert")).to_contain_text("not known")
