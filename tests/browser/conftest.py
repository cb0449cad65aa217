"""A real Chromium against a real server: the demo newsroom, in a process of its own."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from serving import Newsroom, demo_command, demo_environment, serve_newsroom

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first without a window of its own: it costs a fifth less of the processor."""
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
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
expect.set_options(timeout=30_000)  # on a machine with other work, a page takes its time


def group_of(item: pytest.Item) -> str:
    """Return which tests run in the same process: those that share a newsroom, which there is one of for each half."""
    if "newsroom" not in item.fixturenames:
        return f"browser: {item.path.name}"
    return "browser: a to q" if item.path.name < "test_r" else "browser: r to z"


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here, and say why it is skipped where there is no Chromium."""
    for item in items:
        if Path(__file__).parent in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group(group_of(item)))
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed (Debian: apt-get install chromium)"))


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory, put_tables: Callable[[Path], None]) -> Callable[[], Path]:
    """Make the folder of a demo with one more story: set up once for all processes of a run, and copied for each."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demo-set-up"

    def make() -> Path:
        shared.mkdir(exist_ok=True)
        with (shared / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # until the file is closed
            if not (shared / "done").exists():
                set_up(shared / "data", put_tables)
                (shared / "done").touch()
        folder = tmp_path_factory.mktemp("demo") / "data"
        shutil.copytree(shared / "data", folder)
        return folder

    return make


def set_up(folder: Path, put_tables: Callable[[Path], None]) -> None:
    """Set the demo up as `make demo` does, in a folder that has its tables already."""
    put_tables(folder)
    (folder / ".belowline-demo").touch()
    story = folder.parent / "ferry.txt"
    story.write_text(STORY, "utf-8")
    command = demo_command(folder, "--story", str(story), "--prepare-only")
    subprocess.run(command, env=demo_environment(), check=True, stdout=subprocess.DEVNULL)


@pytest.fixture(scope="session")
def newsroom(demo_folder: Callable[[], Path]) -> Iterator[Newsroom]:
    """Serve the demo."""
    yield from serve_newsroom(demo_folder())


@pytest.fixture(autouse=True)
def left_as_found(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test that leaves a story, a section, a role or the policy of the newsroom otherwise than before."""
    if "newsroom" not in request.fixturenames:
        yield
        return
    newsroom = request.getfixturevalue("newsroom")
    before = newsroom.standing()
    yield
    after = newsroom.standing()
    looked_at = before.keys() | {what for what in after if not what.startswith("story ")}  # stories of a test's own
    changed = {what: (before.get(what), after.get(what)) for what in looked_at}
    changed = {what: both for what, both in changed.items() if both[0] != both[1]}
    assert not changed, f"was, and is: {changed}"


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
