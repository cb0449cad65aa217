"""A real Wagtail site with the template tag, beside a running newsroom: published, served, and read in Chromium."""

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

ROOT = Path(__file__).parents[2]
ISSUE = """
from belowline.cli.django import set_up
set_up()
from belowline.stories.models import PublisherKey, Site
print(PublisherKey.issue(Site.objects.get(), "the Wagtail site")[1])
"""
pytestmark = pytest.mark.slow


@pytest.fixture
def wagtail(newsroom, tmp_path) -> Iterator[str]:
    """Make the site, publish its article, serve it; return the article's address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    ours = {**os.environ, "BELOWLINE_DATA_DIR": str(newsroom.folder)}
    issued = subprocess.run([sys.executable, "-c", ISSUE], env=ours, capture_output=True, text=True, check=True)
    paths = os.pathsep.join([str(ROOT / "tests" / "clients"), str(ROOT / "clients" / "django-belowline" / "src")])
    theirs = {name: value for name, value in os.environ.items() if not name.startswith(("BELOWLINE_", "DJANGO_"))}
    theirs |= {
        "PYTHONPATH": paths,
        "DJANGO_SETTINGS_MODULE": "paper.settings",
        "PAPER_DIR": str(tmp_path),
        "PAPER_PORT": port,
        "PAPER_COMMENTS": newsroom.address,
        "PAPER_KEY": issued.stdout.strip(),
    }
    subprocess.run([sys.executable, "-m", "paper.make"], env=theirs, check=True, timeout=240)
    serve = [sys.executable, "-m", "django", "runserver", "--noreload", port]
    server = subprocess.Popen(serve, env=theirs, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield f"http://localhost:{port}/ferry/"
    finally:
        server.terminate()
        server.wait(timeout=60)


def fetch(page: Page, address: str) -> str:
    """Read a page as a search engine does, once the server is up."""
    for _ in range(100):
        try:
            return urllib.request.urlopen(address, timeout=60).read().decode()
        except OSError:
            page.wait_for_timeout(200)
    raise AssertionError(f"{address} did not answer")


def test_an_article_of_wagtail(newsroom, wagtail, page: Page):
    """The story was sent; the page shows the discussion; what is written there stands in the page."""
    html = fetch(page, wagtail)
    assert 'data-site="quillhaven" data-story="page-' in html
    assert "0 comments" in html  # the story is known already: it was sent when the page was published

    page.goto(f"{newsroom.address}/accounts/login/?next=/")
    page.get_by_label("Email").fill("reader@example.org")
    page.get_by_label("Password").fill("demo-password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Password")).to_have_count(0)
    page.goto(wagtail)
    expect(page.locator("[data-belowline-count]")).to_have_text("0 comments")
    frame = page.frame_locator("iframe[title='Comments of the paper']")
    frame.get_by_label("Your comment").fill("The ferry carries my children to school, and the fares are fair for that.")
    frame.get_by_role("button", name="Post", exact=True).click()
    expect(frame.locator("#outcome")).to_contain_text("Published")
    inner = page.locator("iframe").element_handle().content_frame()
    assert inner.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--accent').trim()") == "#8a1c2b"

    page.wait_for_timeout(1100)  # the site keeps the comments for a second
    html = fetch(page, wagtail)
    assert "The ferry carries my children to school" in html
    assert "application/ld+json" in html
