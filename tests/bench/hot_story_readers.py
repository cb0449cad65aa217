"""Readers of a hot story: asks for its state and its pages over kept connections, at given rates; prints what came.

Arrivals are those of many people who know nothing of each other (Poisson): nobody waits for somebody else's answer.
"""

import asyncio
import json
import random
import re
import sys
import time
from typing import NamedTuple

CONNECTIONS = 96


class Kind(NamedTuple):
    """One kind of request, and how many a second."""

    name: str
    path: str
    rate: float
    headers: str


class Result(NamedTuple):
    """What came of one request; seconds from when it was due to its end."""

    kind: str
    status: int
    seconds: float
    size: int


class Crowd:
    """Sends each request when it is due, on the next free connection."""

    def __init__(self, port: int, host: str) -> None:
        self.port, self.host = port, host
        self.due: asyncio.Queue[tuple[Kind, float]] = asyncio.Queue()
        self.results: list[Result] = []
        self.tags: dict[str, str] = {}

    async def arrive(self, kind: Kind, until: float, draw: random.Random) -> None:
        moment = time.perf_counter()
        while kind.rate and (moment := moment + draw.expovariate(kind.rate)) < until:
            await asyncio.sleep(max(0, moment - time.perf_counter()))
            self.due.put_nowait((kind, moment))
        await asyncio.sleep(max(0, until - time.perf_counter()))

    async def serve(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        while True:
            kind, moment = await self.due.get()
            tag = self.tags.get(kind.name, "")
            known = f"If-None-Match: {tag}\r\n" if tag and kind.name == "state" else ""
            writer.write(f"GET {kind.path} HTTP/1.1\r\nHost: {self.host}\r\n{kind.headers}{known}\r\n".encode())
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            size = await self.body(reader, head)
            status = int(head[9:12])
            if found := re.search(r"\r\netag: ([^\r]*)", head, re.IGNORECASE):
                self.tags[kind.name] = found[1]
            self.results.append(Result(kind.name, status, time.perf_counter() - moment, len(head) + size))
            self.due.task_done()

    async def body(self, reader: asyncio.StreamReader, head: str) -> int:
        if found := re.search(r"\r\ncontent-length: (\d+)", head, re.IGNORECASE):
            return len(await reader.readexactly(int(found[1]))) if head[9:12] != "304" else 0
        size = 0
        while "chunked" in head.lower():
            length = int(await reader.readuntil(b"\r\n"), 16)
            size += len(await reader.readexactly(length + 2))
            if length == 0:
                break
        return size

    async def run(self, kinds: list[Kind], seconds: float) -> None:
        workers = [asyncio.create_task(self.serve()) for _ in range(CONNECTIONS)]
        draw, until = random.Random(7), time.perf_counter() + seconds
        await asyncio.gather(*(self.arrive(kind, until, draw) for kind in kinds))
        await asyncio.wait_for(self.due.join(), 30)
        for worker in workers:
            worker.cancel()


def main() -> None:
    """Read what to do from the command line, and say what came."""
    port, host, seconds, kinds = json.loads(sys.argv[1])
    crowd = Crowd(port, host)
    asyncio.run(crowd.run([Kind(*kind) for kind in kinds], seconds))
    print(json.dumps(crowd.results))


if __name__ == "__main__":
    main()
