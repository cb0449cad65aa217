"""The how-to guides show the examples as they are."""

import re

import pytest

PAGES = {
    "discourse": "discourse",
    "discord-bot": "discord-bot",
    "wordpress": "wordpress",
    "roost-coop": "roost-coop",
}
"""Page -> folder of its example."""
BLOCK = re.compile(r"^```(ruby|python|php|js|json)\n(.+?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(params=PAGES)
def page(request, examples):
    text = (examples.parent / "docs/how-to" / f"{request.param}.md").read_text("utf-8")
    return text, examples / PAGES[request.param]


def test_the_code_of_a_page_is_that_of_its_example(page):
    text, folder = page
    sources = "\n".join(path.read_text("utf-8") for path in sorted(folder.iterdir()) if path.is_file())
    blocks = BLOCK.findall(text)

    assert blocks
    stale = [block for _, block in blocks if block not in sources]
    assert not stale, f"this stands nowhere in {folder.name}:\n" + "\n".join(stale)


def test_the_files_that_a_page_links_to_exist(page, examples):
    text, _ = page
    links = re.findall(r"\]\((\.\./[^)#]+)", text)

    assert links
    assert [link for link in links if not (examples.parent / "docs/how-to" / link).exists()] == []


def test_a_page_says_what_was_run_and_what_was_not(page):
    text, _ = page
    run, _, unrun = text.partition("## What was run\n")[2].partition("## What was not\n")

    assert "2026-11-22" in run
    assert unrun.strip()
