"""Readers in threads, who post and read over HTTP while something is broken under the server."""

import http.client
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter

PATIENCE_SECONDS = 180
TOKEN = "a" * 32


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Gives the answer itself."""

    def redirect_request(self, *_):
        return None


OPEN = urllib.request.build_opener(NoRedirect).open


def ask(address, session="", form=None, timeout=60):
    """Return status, place and page of an answer; the status is 0 where none came."""
    cookies = {"Cookie": f"csrftoken={TOKEN}; belowline_session={session}"} if session else {}
    data = urllib.parse.urlencode(form | {"csrfmiddlewaretoken": TOKEN}).encode() if form is not None else None
    try:
        try:
            answer = OPEN(urllib.request.Request(address, data, cookies), timeout=timeout)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return answer.status, answer.headers["Location"], answer.read().decode()
    except (OSError, http.client.HTTPException):
        return 0, None, ""


def text_of(key):
    return f"A quiet remark, number {key}." if sum(key.encode()) % 2 else f"What a wombat, number {key}."


class Reader(threading.Thread):
    """Posts without end: until told to stop, or an answer does not come; one that is patient sends the form again."""

    def __init__(self, addresses, session, name, *, is_patient=False, story=1):
        super().__init__(daemon=True)
        self.addresses = [addresses] if isinstance(addresses, str) else addresses
        self.session, self.label, self.is_patient, self.story = session, name, is_patient, story
        self.asked, self.answered = [], {}
        self.refused = Counter()
        """How often a form was answered by something else than a comment, by status; 0: not at all."""
        self.is_over = threading.Event()

    def run(self):
        for number in range(100_000):
            if self.is_over.is_set() or not self.post(f"{self.label}-{number}"):
                return

    def post(self, key):
        """Post, and again with the same key where it is patient; say whether there was an answer."""
        self.asked.append(key)
        deadline, turn = time.monotonic() + PATIENCE_SECONDS, len(self.asked)
        while True:
            status, location = self.send(key, self.addresses[turn % len(self.addresses)])
            if status == 302 or (status and not self.is_patient):
                self.answered[key] = (status, location)
                return True
            self.refused[status] += 1
            if not self.is_patient or time.monotonic() > deadline:
                return False
            turn += 1  # the next server, where there are several
            time.sleep(0.1)

    def send(self, key, address):
        form = {"idempotency_key": key, "text": text_of(key)}
        place = f"{address}/discussion/{self.story}/post/"
        status, location, _ = ask(place, self.session, form)
        if status == 200:  # the author is nudged first
            status, location, _ = ask(place, self.session, form | {"nudged": "1"})
        return status, location

    def finish(self):
        self.is_over.set()
        self.join(PATIENCE_SECONDS + 60)
        assert not self.is_alive()


class Watcher(threading.Thread):
    """Reads the discussion again and again; counts what it was answered."""

    def __init__(self, addresses, session=""):
        super().__init__(daemon=True)
        self.addresses, self.session, self.seen, self.bad = addresses, session, Counter(), []
        self.is_over = threading.Event()

    def run(self):
        while not self.is_over.is_set():
            for address in self.addresses:
                status, _, page = ask(f"{address}/discussion/1/", self.session)
                self.seen[status] += 1
                if not self.session and "wombat" in page:
                    self.bad.append(page)
            time.sleep(0.05)

    def finish(self):
        self.is_over.set()
        self.join(60)
        assert not self.bad, "what is held was shown to a stranger"


class Crowd:
    """Several readers, and a stranger who looks."""

    def __init__(self, addresses, session, name, count=4):
        self.addresses = [addresses] if isinstance(addresses, str) else addresses
        self.readers = [
            Reader(self.addresses, session, f"{name}{letter}", is_patient=True) for letter in "abcdefgh"[:count]
        ]
        self.watcher = Watcher(self.addresses)

    def __enter__(self):
        for thread in (*self.readers, self.watcher):
            thread.start()
        return self

    def __exit__(self, *_):
        for reader in self.readers:
            reader.finish()
        self.watcher.finish()

    @property
    def answered(self):
        return {key: found for reader in self.readers for key, found in list(reader.answered.items())}

    @property
    def asked(self):
        return [key for reader in self.readers for key in reader.asked]

    @property
    def refused(self):
        return sum((reader.refused for reader in self.readers), Counter())

    def wait_for(self, number, seconds=400):
        """Wait until so many more posts are answered."""
        aim, deadline = len(self.answered) + number, time.monotonic() + seconds
        while len(self.answered) < aim:
            assert time.monotonic() < deadline, (len(self.answered), aim, self.refused)
            time.sleep(0.05)
