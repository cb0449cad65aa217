"""`python tests/bench/story_row.py [--database URL]`: how long a comment that is published keeps its story's row.

From the statement that raises the thread version to the end of the commit: whoever else publishes under this story
waits for so long, so its inverse is what one story can take at most. Also counts what one post reads and writes. Fills
the database that is named (an empty one of its own, by default in SQLite).
"""

import argparse
import os
import statistics
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime

POSTS = 100
WHO = [
    "The council",
    "My neighbour",
    "Whoever drives to work",
    "The ferry company",
    "Our school",
    "The mayor",
    "A cyclist",
]
WHAT = [
    "wants the bridge open before May",
    "pays for repairs that were put off",
    "waits an hour for the ferry",
    "knows how old those cables are",
    "asked for a second lane years ago",
    "says the tolls should rest until then",
    "measured the noise from the works",
]
WHY = [
    "and nobody has shown the report yet",
    "because the harbour road floods each winter",
    "though the inspectors found rust in March",
    "which costs small shops their customers",
    "so the buses should run at night",
    "while the budget was spent elsewhere",
    "as the engineer explained at the meeting",
]


def main() -> None:
    """Post, and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="", help="postgres://...; without it SQLite in a scratch folder")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "belowline.config.settings",
            "BELOWLINE_SECRET_KEY": "bench",
            "BELOWLINE_DATA_DIR": folder,
            "BELOWLINE_LOG_LEVEL": "ERROR",
            "OPENBLAS_NUM_THREADS": "1",
        } | ({"DATABASE_URL": options.database} if options.database else {})
        import django

        django.setup()
        measure()


def measure() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.test.utils import CaptureQueriesContext

    from belowline.accounts.models import User
    from belowline.moderation.actions.post_comment import post_comment
    from belowline.stories.actions.save_story import save_story
    from belowline.stories.models import Site, Story

    call_command("migrate", interactive=False, verbosity=0)
    name = f"bench-{time.time_ns()}"
    site = Site.objects.create(key=name, name="Bench", domains=["localhost"], requires_verified_email=False)
    body = "The harbour bridge is closed for repairs until May. The ferry takes people to work. " * 30
    story, _ = save_story(site=site, key="one", title="The harbour bridge is closed until May", body=body)
    users = [
        User.objects.create_user(f"{name}{number}@example.org", display_name=f"{name}{number}") for number in range(20)
    ]
    began: list[float] = []
    kept: list[float] = []
    whole: list[float] = []
    bump, commit = Story.bump, BaseDatabaseWrapper._commit

    def raised(self: Story, **counts: int) -> None:
        began.append(time.perf_counter())
        bump(self, **counts)

    def committed(self: BaseDatabaseWrapper) -> None:
        commit(self)
        if began:
            kept.append(time.perf_counter() - began[0])
            began.clear()

    def post(number: int) -> None:
        # No two alike: what repeats is held.
        text = f"{WHO[number % 7]} {WHAT[number // 7 % 7]} {WHY[(number * 3 + number // 7) % 7]}."
        post_comment(story=story, author=users[number % len(users)], text_source=text, idempotency_key=f"{number}")

    Story.bump, BaseDatabaseWrapper._commit = raised, committed
    for number in range(POSTS):
        started = time.process_time()
        post(number)
        whole.append(time.process_time() - started)
    with CaptureQueriesContext(connection) as captured:
        post(POSTS)
    report(kept[3:], whole[5:], Counter(query["sql"].split()[0] for query in captured.captured_queries))


def report(kept: list[float], whole: list[float], queries: Counter[str]) -> None:
    load = os.getloadavg()[0]
    print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, load {load:.0f}; {len(kept)} published")
    longest = sorted(kept)[int(0.9 * len(kept))] if kept else 0.0
    if not kept:
        raise SystemExit("no comment was published: nothing can be said")
    middle, longest = 1000 * statistics.median(kept), 1000 * sorted(kept)[int(0.9 * len(kept))]
    print(f"the row is kept for {middle:.1f} ms (median), {longest:.1f} ms (90 %): {1000 / middle:.0f} a second")
    print(f"a post takes {1000 * statistics.median(whole):.0f} ms of this process")
    written = sum(queries[kind] for kind in ("INSERT", "UPDATE", "DELETE"))
    print(f"it reads {queries['SELECT']} times and writes {written} times")


if __name__ == "__main__":
    main()
