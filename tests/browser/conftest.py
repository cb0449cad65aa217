"""A real Chromium against a real server: the demo newsroom, in a process of its own."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STORY = """Ferry to Ravel Island will run all winter
The council has found the money to keep the Ravel Island ferry running through the winter, after islanders
collected 2,000 signatures against the planned stop of the service.
The ferry carries schoolchildren, nurses and the post. Last January it stood still for nine weeks because its
engine was being repaired and no other boat could be hired.
Harbour master Ines Calder said the second boat will be bought from the bridge toll fund. Fares rise by a tenth.
Opponents on the council called the plan a gamble with the taxpayers' money and asked for a bridge instead.
"""
expect.set_options(timeout=10_000)


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here, and say why it is skipped where there is no Chromium."""
    for item in items:
        if Path(__file__).parent in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))  # one newsroom for all of them
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed (Debian: apt-get install chromium)"))


class Newsroom:
    """The running demo: where it is, and the mail it sent."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address = address
        self.folder = folder

    def mails(self) -> str:
        """Return all mail sent so far."""
        return "\n".join(file.read_text("utf-8") for file in sorted((self.folder / "mail").glob("*.log")))

    def code_for(self, email: str) -> str:
        """Wait for the newest sign-up code mailed to an address, and return it."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            for part in reversed(self.mails().split("-" * 79)):
                if f"To: {email}" in part and (
                    found := re.search(r"^([A-Z0-9]{3,6}-?[A-Z0-9]{3,6})$", part, re.MULTILINE)
                ):
                    return found[1]
            time.sleep(0.1)
        raise AssertionError(f"no code was mailed to {email}")


@pytest.fixture(scope="session")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """Serve the demo with one more story, as `make demo` does."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    story = tmp_path_factory.mktemp("story") / "ferry.txt"
    story.write_text(STORY, "utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "belowline",
        "demo",
        "--data",
        folder,
        "--port",
        str(port),
        "--story",
        story,
    ]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BELOWLINE_")}
    clean.pop("DATABASE_URL", None)
    clean |= {"BELOWLINE_SLOW_SECONDS": "0", "BELOWLINE_POSTS_PER_10_MINUTES": "1000"}
    log = (folder.parent / "log").open("wb")
    process = subprocess.Popen(command, env=clean, stdout=log, stderr=log, start_new_session=True)
    try:
        address = f"http://localhost:{port}"
        wait_for(f"{address}/healthz", process)
        yield Newsroom(address, folder)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=20)
        log.close()


def wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait until the address answers."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert process.poll() is None, "the demo ended before it served"
        try:
            urllib.request.urlopen(address, timeout=5).read()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"{address} did not answer")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread; Django would refuse the database to tests that run here afterwards.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "yes"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails the test when the browser reports an error (a blocked script, a failed request)."""
    made = context.new_page()
    problems: list[str] = []
    made.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    made.on("pageerror", lambda error: problems.append(str(error)))
    yield made
    unexpected = [
        text
        for text in problems
        if "422 (Unprocessable" not in text and "429 (Too" not in text and "404 (Not Found)" not in text
    ]
    assert not unexpected, unexpected
