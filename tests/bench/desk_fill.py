"""Fills a database for the desk's benchmark: a big archive, and a fixed set of comments that wait.

    python tests/bench/desk_fill.py 1000000 10000 200

The last number, of stories, may be left out.

The archive is written by the database itself, in minutes rather than hours; what waits is written by our own models,
and its queue entries by our own recount.
"""

import os
import random
import sys
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "belowline.config.settings")

import django

django.setup()

from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from page_comments import sentences

from belowline.accounts.models import User
from belowline.comments.actions.create_comment import text_fields
from belowline.comments.models import Comment, Revision
from belowline.engine.policy import load_policy
from belowline.events.statistics import keep_statistics
from belowline.moderation.models import Audit, Decision
from belowline.moderation.queueing import recount
from belowline.stories.models import Site, Story

STORIES, AUTHORS = 200, 20_000
MODERATORS = 20
"""The first authors; whoever decided in the archive."""
HELD_EVERY, REFUSED_EVERY, AUDITED_EVERY = 20, 3, 100
"""Of the archive, the machine held every 20th comment, people refused every third of these; every 100th was audited."""
SECTIONS = ("News", "Politics", "Sport", "Opinion", "Culture")
SCORES = (
    "toxicity", "severe_toxicity", "insult", "profanity", "threat", "identity_attack", "sexually_explicit", "spam",
    "off_topic", "about_moderation", "product_feedback", "correction", "insubstantial", "copy_paste", "links",
    "shouting", "repetition", "personal_data", "banned_word", "watched_word", "incoherence",
)  # fmt: skip
HELD_FOR = (("personal_abuse", "insult"), ("abusive", "toxicity"), ("hate", "identity_attack"), ("threat", "threat"),
            ("spam", "spam"), ("profanity", "profanity"), ("off_topic", "off_topic"))  # fmt: skip
"""Rule and score, one after the other."""
PASSWORD = "bench-password"
ACCOUNTS = (
    ("desk@bench.example", "Desk A", "moderator"),
    ("desk1@bench.example", "Desk B", "moderator"),
    ("reader@bench.example", "Reader R", "reader"),
)
BATCH = 1_000
ROWS = "WITH RECURSIVE n(i) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT i + 1 FROM n WHERE i < {count}) "


def main(archive: int, waiting: int, story_count: int = STORIES) -> None:
    """Write `archive` published comments of many authors under so many stories, and `waiting` held ones."""
    assert story_count % 3, "a third of the comments replies to the one before in its story, which would be a reply too"
    call_command("migrate", verbosity=0)
    site = Site.objects.create(key="bench", name="The Bench", domains=["localhost"])
    began = timezone.now() - timedelta(days=60)
    stories = [
        Story(
            site=site,
            key=f"story-{number}",
            title=f"Story number {number} of the Bench",
            body="The council has found the money. " * 50,
            section=SECTIONS[number % len(SECTIONS)],
            published_at=began + timedelta(days=60 * number / story_count),
            comment_count=archive // story_count,
        )
        for number in range(story_count)
    ]
    Story.objects.bulk_create(stories, batch_size=BATCH)
    write_people()
    write_archive(archive, story_count)
    write_waiting(waiting, list(Story.objects.order_by("pk")))
    for email, name, role in ACCOUNTS:
        user = User.objects.create_user(email, PASSWORD, display_name=name, role=role)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    if not keep_statistics():
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    print(f"{Comment.objects.count()} comments, {recount()} of them were not in a queue yet")


def write_people() -> None:
    """Write the authors, a thousand at a time."""
    users = (
        User(email=f"r{i}@bench.example", display_name=f"Reader {i}", display_name_key=f"r{i}", password="!")
        for i in range(AUTHORS)
    )
    User.objects.bulk_create(users, batch_size=BATCH)


def write_archive(count: int, story_count: int) -> None:
    """Let the database write published comments with their engine decisions."""
    if not count:
        return
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size = -1000000")  # a gigabyte: the indexes are written in no order of theirs
    first = User.objects.order_by("pk").values_list("pk", flat=True)[0]
    story = Story.objects.order_by("pk").values_list("pk", flat=True)[0]
    base = " ".join(sentences()[:400]).replace("'", "’").replace("%", " per cent")
    start = f"CAST(1 + (i * 131) % {len(base) - 400} AS int)"
    at = moments(f"({count} - i) * 5")
    by_people, refused = f"i % {HELD_EVERY} = 0", f"(i / {HELD_EVERY}) % {REFUSED_EVERY} = 0"
    replies = f"i % 3 = 0 AND i > {story_count}"
    numbers = {
        "recommend_count": "0",
        "thread_count": f"CASE WHEN (i + {story_count}) % 3 = 0 AND i <= {count - story_count} THEN 1 ELSE 0 END",
        "depth": f"CASE WHEN {replies} THEN 1 ELSE 0 END",
        "parent_id": f"CASE WHEN {replies} THEN i - {story_count} END",
        "root_id": f"CASE WHEN {replies} THEN i - {story_count} END",
        "constructiveness": "0.5",
        "best_rank": "0.5",
    }
    write_rows(
        Comment,
        count,
        numbers
        | {
            "story_id": f"{story} + i % {story_count}",
            "author_id": f"{first} + (i * 7919) % {AUTHORS}",
            "status": f"CASE WHEN {by_people} AND {refused} THEN 'rejected' ELSE 'published' END",
            "text_source": f"substr('{base}', {start}, CAST(120 + i % 280 AS int))",
            "body_html": "'<p>' || i || '</p>'",
            "relation_source": "''",
            "idempotency_key": "'archive-' || i",
            "is_digression": "false",
            "text_key": "'key-' || i",
            **{f"band_{place}": f"(i * {step}) % 65536" for place, step in enumerate((40503, 30011, 50021, 60013))},
            "created_at": at,
            "published_at": at,
            "changed_at": at,
        },
    )
    write_rows(Revision, count, {"comment_id": "i", "text_source": "'archived'", "created_at": at})
    scores = json_text({name: {"value": 0.05, "cause": "", "spans": [], "evidence": ""} for name in SCORES})
    write_rows(
        Decision,
        count,
        {
            "comment_id": "i",
            "revision_id": "i",
            "outcome": f"CASE WHEN {by_people} THEN 'hold' ELSE 'publish' END",
            "maker": "'engine'",
            "reasons": f"CASE WHEN {by_people} THEN {reasons('hold')} ELSE {json_text([])} END",
            "noted": json_text([]),
            "scores": scores,
            "language": "'en'",
            "policy": f"'{load_policy().version}'",
            "model": "'bench'",
            "source": "'own'",
            "note_to_author": "''",
            "created_at": at,
        },
    )
    write_rows(
        Decision,
        count // HELD_EVERY,
        {
            "comment_id": f"i * {HELD_EVERY}",
            "revision_id": f"i * {HELD_EVERY}",
            "outcome": f"CASE WHEN i % {REFUSED_EVERY} = 0 THEN 'reject' ELSE 'publish' END",
            "maker": "'person'",
            "moderator_id": f"{first} + i % {MODERATORS}",
            "reasons": f"CASE WHEN i % {REFUSED_EVERY} = 0 THEN {reasons('reject')} ELSE {json_text([])} END",
            "noted": json_text([]),
            "scores": json_text({}),
            "language": "''",
            "policy": f"'{load_policy().version}'",
            "model": "''",
            "source": "'own'",
            "note_to_author": "''",
            "created_at": moments(f"({count} - i * {HELD_EVERY}) * 5 - i % 100"),
        },
        after=count,
    )
    drawn_at = f"({count} - i * {AUDITED_EVERY}) * 5"
    write_rows(
        Audit,
        count // AUDITED_EVERY,
        {
            "decision_id": f"i * {AUDITED_EVERY} - 1",  # published by the machine
            "reviewer_id": f"{first} + i % {MODERATORS}",
            "outcome": "CASE WHEN i % 150 = 0 THEN 'reject' ELSE 'publish' END",
            "rule": "CASE WHEN i % 150 = 0 THEN 'abusive' ELSE '' END",
            "created_at": moments(drawn_at),
            "reviewed_at": moments(f"{drawn_at} - 60"),
        },
    )


def reasons(outcome: str) -> str:
    """Return a literal with the reason of a rule that is often met."""
    rule = {"rule": "abusive", "signal": "toxicity", "score": 0.7, "threshold": 0.5, "start": 0, "end": 40}
    return json_text([rule | {"outcome": outcome, "explanation": "", "desk": "moderators", "title": "Abuse"}])


def write_rows(model: type, count: int, columns: dict[str, str], after: int = 0) -> None:
    """Insert rows numbered from `after` + 1, each column by an expression of `i`, from 1 on; move the sequence on.

    Columns that are not named get their fields' defaults.
    """
    table = model._meta.db_table
    fields = (field for field in model._meta.concrete_fields if field.column not in columns)
    columns |= {
        field.column: literal(field.get_default()) for field in fields if not field.null and field.has_default()
    }
    names = ", ".join(f'"{name}"' for name in ("id", *columns))
    values = ", ".join((f"i + {after}", *columns.values()))
    statement = f"INSERT INTO {table} ({names}) {ROWS.format(count=count)} SELECT {values} FROM n"  # noqa: S608 - ours alone
    with connection.cursor() as cursor:
        cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {count + after})")


def literal(value: object) -> str:
    """Return a literal for a text, a number, a truth value or what JSON can hold."""
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return repr(value)
        case str():
            return "'" + value.replace("'", "''") + "'"
        case dict() | list():
            return json_text(value)
    raise TypeError(f"no literal for {value!r}")


def moments(seconds: str) -> str:
    """Return an expression for a time so many seconds ago."""
    if connection.vendor == "postgresql":
        return f"now() - ({seconds}) * interval '1 second'"
    return f"strftime('%Y-%m-%d %H:%M:%S', 'now', '-' || ({seconds}) || ' seconds')"


def json_text(value: object) -> str:
    """Return a JSON literal."""
    import json

    text = json.dumps(value).replace("'", "''")
    return f"'{text}'::jsonb" if connection.vendor == "postgresql" else f"'{text}'"


def write_waiting(count: int, stories: list[Story]) -> None:
    """Write comments that wait, always the same ones: texts of ours, scores drawn, held for the rule they meet."""
    draw, pool, policy = random.Random(7), sentences(), load_policy()
    authors = list(User.objects.order_by("pk")[:AUTHORS])
    for start in range(0, count, BATCH):
        rows = []
        for number in range(start, min(start + BATCH, count)):
            text = f"{' '.join(draw.sample(pool, draw.randint(1, 6)))} ({number})"
            at = timezone.now() - timedelta(minutes=draw.randint(0, 2_880))
            comment = Comment(
                story=draw.choice(stories),
                author=draw.choice(authors),
                status="held",
                idempotency_key=f"held-{number}",
                created_at=at,
                **text_fields(text),
            )
            rows.append((comment, *HELD_FOR[number % len(HELD_FOR)], draw))
        with transaction.atomic():
            comments = Comment.objects.bulk_create([row[0] for row in rows])
            revisions = Revision.objects.bulk_create(
                [Revision(comment=one, text_source=one.text_source) for one in comments]
            )
            Decision.objects.bulk_create(
                [decision(policy, revision, *row[1:]) for row, revision in zip(rows, revisions, strict=True)]
            )


def decision(policy, revision: Revision, rule: str, score: str, draw: random.Random) -> Decision:
    """Return the engine's decision to hold a comment for one rule."""
    values = {name: round(draw.betavariate(1, 8), 4) for name in SCORES}
    found = policy.rules[rule]
    values[score] = round(draw.uniform(found.hold, 1.0), 4)
    reason = {
        "rule": rule,
        "outcome": "hold",
        "signal": score,
        "score": values[score],
        "threshold": found.hold,
        "start": 0,
        "end": min(40, len(revision.text_source)),
        "explanation": found.explanation,
        "desk": "moderators",
        "title": found.title,
    }
    return Decision(
        comment=revision.comment,
        revision=revision,
        outcome="hold",
        maker="engine",
        reasons=[reason],
        scores={name: {"value": value, "cause": "", "spans": [], "evidence": ""} for name, value in values.items()},
        language="en",
        policy=policy.version,
        model="bench",
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
