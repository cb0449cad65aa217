"""A pool in a process of its own: `spawn` prints what ten lines become, `wait` prints its processes and goes on."""

import itertools
import sys

from belowline.bulk.job import Opened
from belowline.bulk.lines import cut_chunks
from belowline.bulk.pool import Pool


class Digits:
    """Answers a line with itself."""

    def open(self):
        return Opened(lambda _number, raw: (raw, False), lambda: "")

    def give_up(self, _number, raw):
        return raw, True


def main(mode):
    job = Digits()
    if mode == "spawn":
        lines = ((number, b"%d" % number) for number in range(10))
        for answered in Pool(job, 2, method="spawn").answers(cut_chunks(lines, 3)):
            print(b"".join(answered.parts).decode(), end="")  # noqa: T201
        return
    pool = Pool(job, 2, job.open())
    for answered in pool.answers(cut_chunks(((number, b"x") for number in itertools.count(1)), 3)):
        if answered.number == 10:
            print(*(worker.process.pid for worker in pool._workers), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1])
