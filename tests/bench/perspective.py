"""`make bench-perspective`: the Perspective door on one core.

Prints the time of a call at 20 calls a second, the throughput at saturation, what 2,000 connections at once do, and the
server's memory over 100,000 calls (`--calls` changes that; at some 250 a second it takes minutes). The server is pinned
to core 0 and the callers to core 1, and the same calls go to a server that answers fixed bytes, for the ratio.
"""

import argparse
import asyncio
import json
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

ATTRIBUTES = ("TOXICITY", "SEVERE_TOXICITY", "IDENTITY_ATTACK", "INSULT", "PROFANITY", "THREAT")
WORDS = [
    "I",
    "have",
    "lived",
    "in",
    "this",
    "street",
    "for",
    "twenty",
    "years",
    "and",
    "never",
    "once",
    "have",
    "I",
    "seen",
    "the",
    "council",
    "mend",
    "anything",
    "before",
    "an",
    "election",
    "so",
    "forgive",
    "me",
    "if",
    "I",
    "do",
    "not",
    "clap",
    "now",
    "that",
    "the",
    "mayor",
    "comes",
    "along",
    "with",
    "a",
    "shovel",
]
"""40 words or so; a number makes each comment another one."""


def main() -> None:
    """Measure everything and print it."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--calls", type=int, default=100_000, help="calls over which memory is watched")
    calls = arguments.parse_args().calls
    print(f"{datetime.now(UTC):%Y-%m-%d}, one core for the server, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as (port, key, process):
        door = Door(port, key)
        asyncio.run(door.paced(40, 20))
        print(f"memory after the first calls: {memory(process):.0f} MiB")
        times = asyncio.run(door.paced(600, 20))
        print(f"at 20 calls a second: p50 {middle(times, 0.5):.1f} ms, p99 {middle(times, 0.99):.1f} ms")
        floor = asyncio.run(Door(port, key, address="/healthz").saturated(4_000, 16))
        rate = asyncio.run(door.saturated(4_000, 16))
        print(f"at saturation: {rate:.0f} calls a second, {rate / floor:.2f} of /healthz on the same server")
        answered, slowest = asyncio.run(door.at_once(2_000))
        print(f"2,000 connections at once: {answered} answered with 200, the last after {slowest:.1f} s")
        batch = asyncio.run(door.batch(1_000))
        print(f"a batch of 1,000: {1_000 / batch:.0f} comments a second")
        watch(door, process, calls)


def watch(door: "Door", process: "subprocess.Popen[bytes]", calls: int) -> None:
    """Print the memory after each tenth of the calls."""
    sizes = [memory(process)]
    for _ in range(10):
        asyncio.run(door.saturated(calls // 10, 16))
        sizes.append(memory(process))
    print(f"memory over {calls:,} calls, MiB: {' '.join(f'{size:.0f}' for size in sizes)}")


@contextmanager
def server(folder: Path) -> Iterator[tuple[int, str, "subprocess.Popen[bytes]"]]:
    """Start `belowline serve --engine-only` on core 0 with a key of a huge quota."""
    environment = os.environ | {"BELOWLINE_DATA_DIR": str(folder), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "belowline"]
    make_key = [*command, "keys", "create", "bench", "--quota", "100000000"]
    key = subprocess.run(make_key, env=environment, capture_output=True, check=True, text=True).stdout.strip()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    pin = ["taskset", "-c", "0"] if shutil.which("taskset") else []
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    started = time.perf_counter()
    process = subprocess.Popen([*pin, *command, "serve", "--engine-only", "--port", str(port)], env=environment)
    try:
        while socket.socket().connect_ex(("127.0.0.1", port)):
            time.sleep(0.01)
        print(f"\nready after {time.perf_counter() - started:.2f} s")
        yield port, key, process
    finally:
        process.terminate()
        process.wait(timeout=20)


def memory(process: "subprocess.Popen[bytes]") -> float:
    """Return the resident memory of the server's processes, in MiB."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("utf-8").split()
    total = 0
    for pid in (str(process.pid), *children):
        lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
        total += next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
    return total / 1024


def middle(times: list[float], share: float) -> float:
    """Return a quantile in milliseconds."""
    return statistics.quantiles(times, n=1_000)[int(share * 1_000) - 1] * 1_000


class Door:
    """Calls one address of the server; every comment is another one."""

    def __init__(self, port: int, key: str, address: str = "/v1alpha1/comments:analyze") -> None:
        self.port = port
        self.target = f"{address}?key={key}&prettyPrint=false"
        self.method = "GET" if address == "/healthz" else "POST"
        self.number = 0

    def comment(self) -> dict[str, object]:
        """Return a request for six attributes of a new comment of 40 words."""
        self.number += 1
        at = self.number % len(WORDS)
        text = " ".join([*WORDS[at:], str(self.number), *WORDS[:at]])
        return {
            "comment": {"text": text},
            "languages": ["en"],
            "requestedAttributes": {key: {} for key in ATTRIBUTES},
            "doNotStore": True,
        }

    def request(self, body: bytes, target: str = "") -> bytes:
        """Return the bytes of a call."""
        head = (
            f"{self.method} {target or self.target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    async def call(self, streams: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> int:
        """Make one call on an open connection; return its status."""
        reader, writer = streams
        body = json.dumps(self.comment()).encode() if self.method == "POST" else b""
        writer.write(self.request(body))
        return await read_answer(reader)

    async def open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a connection."""
        return await asyncio.open_connection("127.0.0.1", self.port, limit=2**24)

    async def paced(self, count: int, rate: float) -> list[float]:
        """Start `rate` calls a second, whatever becomes of those before; return the seconds that each took."""
        free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

        async def one(due: float) -> float:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            streams = free.pop() if free else await self.open()
            started = time.perf_counter()
            assert await self.call(streams) == 200
            took = time.perf_counter() - started
            free.append(streams)
            return took

        begin = time.perf_counter() + 0.1
        return list(await asyncio.gather(*(one(begin + place / rate) for place in range(count))))

    async def saturated(self, count: int, connections: int) -> float:
        """Make calls as fast as they are answered on so many connections; return calls a second."""
        left = iter(range(count))

        async def work() -> None:
            streams = await self.open()
            for _ in left:
                assert await self.call(streams) == 200
            streams[1].close()

        started = time.perf_counter()
        await asyncio.gather(*(work() for _ in range(connections)))
        return count / (time.perf_counter() - started)

    async def at_once(self, count: int) -> tuple[int, float]:
        """Open all connections, then call on each; return how many answered 200, and the seconds until the last."""
        streams = await asyncio.gather(*(self.open() for _ in range(count)))
        started = time.perf_counter()
        statuses = await asyncio.gather(*(self.call(one) for one in streams), return_exceptions=True)
        for _, writer in streams:
            writer.close()
        return sum(status == 200 for status in statuses), time.perf_counter() - started

    async def batch(self, count: int) -> float:
        """Return the seconds that a batch takes."""
        reader, writer = await self.open()
        body = json.dumps({"requests": [self.comment() for _ in range(count)]}).encode()
        started = time.perf_counter()
        writer.write(self.request(body, self.target.replace(":analyze", ":batchAnalyze")))
        assert await read_answer(reader) == 200
        return time.perf_counter() - started


async def read_answer(reader: asyncio.StreamReader) -> int:
    """Read one answer to its end; return its status."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if b"transfer-encoding: chunked" in head:
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    else:
        length = next(line for line in head.split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.partition(b":")[2]))
    return int(head.split(b" ", 2)[1])


if __name__ == "__main__":
    main()
