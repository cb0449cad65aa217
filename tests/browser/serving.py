"""Demo newsrooms in processes of their own."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from belowline.engine.policy import default_policy_text

HOW_IT_STANDS = {
    "story": """SELECT key, is_open, judges_topic, mode, closed_reason, closes_at, slow_seconds, takes_replies, message
        FROM stories_story""",
    "section": """SELECT site_id || '/' || name, mode, closed_reason, closes_after_hours, slow_seconds
        FROM stories_section WHERE mode != '' OR closed_reason != '' OR closes_after_hours OR slow_seconds""",
    "role": """SELECT email, role, is_active FROM accounts_user WHERE email IN
        ('reader@example.org', 'moderator@example.org', 'night@example.org', 'editor@example.org')""",
    "local role": "SELECT id, user_id, role, site_id, section FROM accounts_grant",
    "policy": """SELECT key, coalesce(
        (SELECT text FROM moderation_policyversion WHERE site_id = site.id ORDER BY id DESC LIMIT 1), :shipped)
        FROM stories_site site""",
}
"""What all tests that share a newsroom rely on."""


class Newsroom:
    """The running demo: where it is, and the mail it sent."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address = address
        self.folder = folder

    def mails(self) -> str:
        """Return all mail sent so far."""
        return "\n".join(file.read_text("utf-8") for file in sorted((self.folder / "mail").glob("*.log")))

    def standing(self) -> dict[str, Any]:
        """Return how stories, sections, roles and the policy stand."""
        shipped = {"shipped": default_policy_text()}
        with closing(sqlite3.connect(f"file:{self.folder / 'belowline.sqlite3'}?mode=ro", uri=True)) as connection:
            return {
                f"{what} {row[0]}": row[1:]
                for what, query in HOW_IT_STANDS.items()
                for row in connection.execute(query, shipped)
            }

    def code_for(self, email: str, *, other_than: str = "") -> str:
        """Wait for the newest code mailed to an address, other than one that is known already, and return it."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for part in reversed(self.mails().split("-" * 79)):
                if f"To: {email}" in part and (
                    found := re.search(r"^([A-Z0-9]{3,6}-?[A-Z0-9]{3,6})$", part, re.MULTILINE)
                ):
                    if found[1] == other_than:
                        break
                    return found[1]
            time.sleep(0.1)
        raise AssertionError(f"no code was mailed to {email}")


def demo_command(folder: Path, *options: str) -> list[str]:
    """Return the command for a demo in a folder."""
    return [sys.executable, "-m", "belowline", "demo", "--data", str(folder), *options]


def demo_environment() -> dict[str, str]:
    """Return the environment of a demo in which readers may post as fast as tests do."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BELOWLINE_")}
    clean.pop("DATABASE_URL", None)
    return clean | {"BELOWLINE_SLOW_SECONDS": "0", "BELOWLINE_POSTS_PER_10_MINUTES": "1000"}


def serve_newsroom(folder: Path, **settings: str) -> Iterator[Newsroom]:
    """Serve a demo of its own until the test that asked for it has ended."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = demo_command(folder, "--port", str(port))
    log = (folder.parent / "log").open("wb")
    environment = demo_environment() | settings
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        address = f"http://localhost:{port}"
        wait_for(f"{address}/healthz", process)
        yield Newsroom(address, folder)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=60)
        log.close()


def wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait until the address answers."""
    deadline = time.monotonic() + 300  # on a machine with other work, the engine takes its time
    while time.monotonic() < deadline:
        assert process.poll() is None, "the demo ended before it served"
        try:
            urllib.request.urlopen(address, timeout=5).read()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"{address} did not answer")
