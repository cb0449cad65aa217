"""Belowline among the contestants of the load benchmark: load.py puts the folder of these on the path."""

import json
import os
import sqlite3
import subprocess
import sys
import urllib.parse
from contextlib import closing
from pathlib import Path
from typing import Any

import adapters
import dataset

HERE = Path(__file__).parent
OURS = [sys.executable, "-m", "belowline"]
STORED = (
    "SELECT count(*) FROM comments_comment c JOIN stories_story s ON s.id = c.story_id "
    "WHERE c.status IN ('published', 'held') AND s.key LIKE '/news/post-%'"
)


class Belowline(adapters.Peer):
    """As `belowline serve` runs it."""

    name, title, port, dirname = "belowline", "Belowline: belowline serve", 8381, "belowline"
    workers, store, ok_post, data = "2 processes x 4 threads, a worker", "SQLite (WAL, FULL)", "", "data"

    def cwd(self) -> str:
        Path(self.dir).mkdir(parents=True, exist_ok=True)
        return str(self.dir)

    def env(self) -> dict[str, str]:
        unlimited = dict.fromkeys(("POST", "PREVIEW", "RECOMMEND", "REPORT", "API"), "1000000/m/address")
        return {
            "BELOWLINE_DATA_DIR": self.datadir,
            "BELOWLINE_SECRET_KEY": "bench",
            "BELOWLINE_LOG_LEVEL": "ERROR",
            "BELOWLINE_BASE_URL": f"http://127.0.0.1:{self.port}",
            "BELOWLINE_SLOW_SECONDS": "0",
            "BELOWLINE_POSTS_PER_10_MINUTES": "1000000000",
            "BELOWLINE_EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
            **{f"BELOWLINE_LIMIT_{name}": value for name, value in unlimited.items()},
        }

    def argv(self) -> list[str]:
        return [*OURS, "serve", "--port", str(self.port), "--processes", "2"]

    def init_store(self) -> None:
        super().init_store()
        self.cwd()
        environment = os.environ | self.env()
        subprocess.run([*OURS, "migrate"], env=environment, check=True, stdout=subprocess.DEVNULL)
        fill = [sys.executable, str(HERE / "load_fill.py"), str(Path(dataset.__file__).parent)]
        told = subprocess.run(fill, env=environment, check=True, capture_output=True, text=True).stdout
        Path(self.datadir, "told.json").write_text(told, "utf-8")

    def seed(self, http: Any) -> None:
        self.seeding = False

    @property
    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(Path(self.datadir, "told.json").read_text("utf-8"))
        return found

    @property
    def thread(self) -> str:
        """The path of the discussion that is read."""
        return f"/discussion/{self.told['stories'][dataset.MAIN]}/"

    def get_thread(self) -> list[bytes]:
        return [adapters.raw("GET", f"{self.thread}comments.json")]

    def pages(self) -> list[bytes]:
        return [adapters.raw("GET", self.thread, headers={"Accept": "text/html"})]

    def get_counts(self) -> list[bytes]:
        query = urllib.parse.urlencode([("site", "bench"), *(("story", one) for one in dataset.COUNT)])
        return [adapters.raw("GET", f"/counts.json?{query}")]

    def posts(self) -> list[bytes]:
        told = self.told
        stories = [told["stories"][address] for address in dataset.POST]
        return [
            self.post(stories[i % len(stories)], told["readers"][i % len(told["readers"])], text)
            for i, text in enumerate(dataset.post_texts())
        ]

    def post(self, story: int, reader: dict[str, str], text: str) -> bytes:
        quoted = urllib.parse.quote_plus(f"{text} #")
        form = f"csrfmiddlewaretoken={reader['token']}&nudged=1&text={quoted}{{{{N}}}}&idempotency_key=bench-{{{{N}}}}"
        headers = {
            "Accept": "text/html",
            "Cookie": reader["cookies"],
            "Content-Type": "application/x-www-form-urlencoded",
        }
        request: bytes = adapters.raw("POST", f"/discussion/{story}/post/", form.encode(), headers)
        return request

    def total(self, http: Any) -> int:
        with closing(sqlite3.connect(Path(self.datadir, "belowline.sqlite3"), timeout=20)) as database:
            return int(database.execute(STORED).fetchone()[0])

    def n_comments(self, body: bytes) -> int:
        return len(json.loads(body)["comments"])


class Uncached(Belowline):
    """Without any cache."""

    name, title, port, dirname = "belowline-uncached", "Belowline, every page made anew", 8382, "belowline-uncached"
    workers = "2 processes x 4 threads"

    def argv(self) -> list[str]:
        return [sys.executable, str(HERE / "server.py"), "uncached", str(self.port)]
