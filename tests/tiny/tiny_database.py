"""A small Transparency Database: the answers of the real one's API, on a port of this machine."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from belowline.moderation.statements.record import problems_of

TOKEN = "a-token"
Answer = tuple[int, dict[str, Any]] | tuple[int, dict[str, Any], dict[str, str]]


class TinyDatabase:
    """Keeps statements by number; `plan` has answers that come before any other."""

    def __init__(self) -> None:
        self.stored: dict[str, dict[str, Any]] = {}
        self.batches: list[int] = []
        self.locked: set[str] = set()
        """Numbers that are said to be there, and are not."""
        self.plan: list[Any] = []
        self.checks = problems_of
        database = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self.answer(*database.post(self.path, self.headers, body))

            def do_GET(self) -> None:
                puid = self.path.rpartition("/")[2]
                found = puid in database.stored
                said = "statement of reason found" if found else "statement of reason not found"
                self.answer(302 if found else 404, {"message": said, "puid": puid})

            def answer(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
                data = json.dumps(body).encode()
                self.send_response(status)
                for name, value in ({"Content-Length": str(len(data))} | (headers or {})).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *arguments: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/api/v1"
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()

    def post(self, path: str, headers: Any, body: dict[str, Any]) -> Answer:
        assert path == "/api/v1/statements"
        assert (headers["Accept"], headers["Content-Type"]) == ("application/json", "application/json")
        records = body["statements"]
        self.batches.append(len(records))
        if self.plan:
            planned = self.plan.pop(0)
            answer = planned(self, records) if callable(planned) else planned
            if answer is not None:
                return answer
        if headers["Authorization"] != f"Bearer {TOKEN}":
            return 401, {"message": "Unauthenticated."}
        return self.take(records)

    def take(self, records: list[dict[str, Any]]) -> Answer:
        """All or nothing, as the real one: fields first, then numbers."""
        if not 1 <= len(records) <= 100:
            return 422, {"message": "wrong number", "errors": {"statements": ["between 1 and 100"]}}
        wrong = {
            f"statement_{index}": {"decision_facts": problems}
            for index, record in enumerate(records)
            if (problems := self.checks(record))
        }
        if wrong:
            return 422, {"errors": wrong}
        existing = [record["puid"] for record in records if record["puid"] in {*self.stored, *self.locked}]
        if existing:
            message = "The platform identifier(s) are not all unique within this call."
            return 422, {"message": message, "errors": {"puid": [message], "existing_puids": existing}}
        for record in records:
            self.stored[record["puid"]] = record
        rows = [record | {"uuid": f"uuid-of-{record['puid']}"} for record in records]
        return 201, {"statements": rows}
