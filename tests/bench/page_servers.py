"""The servers of the first-page benchmark: Belowline as its users start it, its peers, and a paper with plain pages."""

import gzip
import json
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from page_comments import TITLE, Row

HERE = Path(__file__).parent
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css"}
ARTICLE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><link rel="icon" href="data:,">{head}
<style>body{{font-family:Georgia,serif;max-width:44rem;margin:0 auto;padding:1rem}}</style></head>
<body><main><h1>{title}</h1><p>The council has found the money to keep the ferry running.</p>
{comments}</main>
<footer><p>Imprint</p></footer></body></html>"""
WALINE_TABLES = """
CREATE TABLE wl_Comment (id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER, comment TEXT, insertedAt TIMESTAMP,
 ip VARCHAR(100), link VARCHAR(255), mail VARCHAR(255), nick VARCHAR(255), pid INTEGER, rid INTEGER, sticky BOOLEAN,
 status VARCHAR(50) NOT NULL DEFAULT '', "like" INTEGER, ua TEXT, url VARCHAR(255), createdAt TIMESTAMP,
 updatedAt TIMESTAMP);
CREATE TABLE wl_Counter (id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER, reaction0 INTEGER, reaction1 INTEGER,
 reaction2 INTEGER, reaction3 INTEGER, reaction4 INTEGER, reaction5 INTEGER, reaction6 INTEGER, reaction7 INTEGER,
 reaction8 INTEGER, url VARCHAR(255) NOT NULL DEFAULT '', createdAt TIMESTAMP, updatedAt TIMESTAMP);
CREATE TABLE wl_Users (id INTEGER PRIMARY KEY AUTOINCREMENT, display_name VARCHAR(255), email VARCHAR(255),
 password VARCHAR(255), type VARCHAR(50), label VARCHAR(255), url VARCHAR(255), avatar VARCHAR(255),
 github VARCHAR(255), twitter VARCHAR(255), facebook VARCHAR(255), google VARCHAR(255), weibo VARCHAR(255),
 qq VARCHAR(255), oidc VARCHAR(255), huawei VARCHAR(255), "2fa" VARCHAR(32), createdAt TIMESTAMP,
 updatedAt TIMESTAMP);
"""


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait until the address answers.

    Raises:
        SystemExit: the server ended, or said nothing for two minutes.
    """
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).read()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit(f"{address} did not answer")


@contextmanager
def running(command: list[str], environment: dict[str, str], address: str, log: Path) -> Iterator[None]:
    """Run a server until the block ends."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=os.environ | environment, stdout=out, stderr=out)
        try:
            wait_for(address, process)
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


@contextmanager
def belowline(folder: Path, counts: tuple[int, ...]) -> Iterator[dict[int, str]]:
    """Set a newsroom up, fill it, and serve it as `belowline serve` does; yield the discussions' addresses by size."""
    port = free_port()
    folder.mkdir()
    environment = {
        "BELOWLINE_DATA_DIR": str(folder),
        "BELOWLINE_SECRET_KEY": "bench",
        "BELOWLINE_LOG_LEVEL": "ERROR",
        "BELOWLINE_BASE_URL": f"http://localhost:{port}",
        "DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite3'}",
    }
    ours = [sys.executable, "-m", "belowline"]
    subprocess.run([*ours, "migrate"], env=os.environ | environment, check=True, stdout=subprocess.DEVNULL)
    fill = [sys.executable, str(HERE / "page_comments.py"), *map(str, counts)]
    filled = subprocess.run(fill, env=os.environ | environment, check=True, capture_output=True, text=True).stdout
    stories = dict(map(int, line.split()) for line in filled.splitlines())
    base = f"http://localhost:{port}"
    with running([*ours, "serve", "--port", str(port)], environment, f"{base}/healthz", folder / "log"):
        yield {count: f"{base}/discussion/{number}/" for count, number in stories.items()}


@contextmanager
def isso(venv: Path, folder: Path, paper: str, rows: list[Row]) -> Iterator[str]:
    """Serve Isso from its environment, filled over its own API; yield its address."""
    port = free_port()
    address = f"http://localhost:{port}"
    settings = folder / "isso.cfg"
    settings.write_text(
        f"[general]\ndbpath = {folder}/isso.db\nhost = {paper}\n[moderation]\nenabled = false\n"
        f"[guard]\nenabled = false\n[server]\nlisten = http://localhost:{port}\n",
        "utf-8",
    )
    command = [str(venv / "bin/gunicorn"), "-b", f"127.0.0.1:{port}", "-w", "2", "--threads", "4", "isso.run"]
    with running(command, {"ISSO_SETTINGS": str(settings)}, f"{address}/js/embed.min.js", folder / "isso.log"):
        ids: dict[int, int] = {}
        for row in rows:
            sent = {"author": row.name, "text": row.text, "parent": ids.get(row.parent or -1), "title": TITLE}
            request = urllib.request.Request(
                f"{address}/new?uri=%2Fferry%2F", json.dumps(sent).encode(), {"Content-Type": "application/json"}
            )
            ids[row.number] = json.loads(urllib.request.urlopen(request).read())["id"]
        yield address


@contextmanager
def waline(modules: Path, folder: Path, paper: str, rows: list[Row]) -> Iterator[str]:
    """Serve Waline from its node_modules, its store filled directly; yield its address.

    Its list of sign-in services and its avatars stand on other sites; the paper answers in their place.
    """
    port = free_port()
    fill_waline(folder / "waline.sqlite", rows)
    environment = {
        "SQLITE_PATH": str(folder),
        "JWT_TOKEN": "bench",
        "IPQPS": "0",
        "OAUTH_URL": f"{paper}/services",
        "GRAVATAR_STR": f"{paper}/avatar",
        "AKISMET_KEY": "false",
    }
    address = f"http://localhost:{port}"
    command = ["node", str(modules / "@waline/vercel/vanilla.js"), str(port)]
    with running(command, environment, f"{address}/api/comment?type=count&url=/ferry/", folder / "waline.log"):
        yield address


def fill_waline(file: Path, rows: list[Row]) -> None:
    """Write Waline's tables, with the comments."""
    roots: dict[int, int] = {}
    with sqlite3.connect(file) as database:
        database.executescript(WALINE_TABLES)
        for row in rows:
            parent = None if row.parent is None else row.parent + 1
            roots[row.number] = row.number + 1 if row.parent is None else roots[row.parent]
            moment = f"2026-{1 + row.number // 1500:02}-01 {row.number // 60 % 24:02}:{row.number % 60:02}:00"
            database.execute(
                "INSERT INTO wl_Comment (id, comment, insertedAt, ip, link, mail, nick, pid, rid, status, ua, url,"
                ' createdAt, updatedAt, "like") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
                (row.number + 1, row.text, moment, "127.0.0.1", "", "", row.name, parent,
                 None if parent is None else roots[row.number], "approved", "", "/ferry/", moment, moment, row.likes),
            )  # fmt: skip


@contextmanager
def paper(port: int, pages: dict[str, bytes], folder: Path | None) -> Iterator[None]:
    """Serve a paper's plain pages by their paths, and a folder's scripts, packed by gzip as any web server does."""

    class Paper(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            body = pages.get(path)
            if body is None and folder is not None and (file := folder / path.lstrip("/")).suffix in {".js", ".css"}:
                body = file.read_bytes() if file.is_file() else None
            self.send_response(200 if body is not None else 404)
            packed = gzip.compress(body or b"", 6)
            self.send_header("Content-Type", TYPES.get(Path(path).suffix, TYPES[".html"]))
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(packed)))
            self.end_headers()
            self.wfile.write(packed)

        def log_message(self, *given: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Paper)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()


def article(comments: str, head: str = "") -> bytes:
    """Return a plain article with a place for comments."""
    return ARTICLE.format(title=TITLE, head=head, comments=comments).encode()
