"""Upgrade and back, with data, on the real tables of an earlier version: nothing that both versions know is lost."""

from datetime import UTC, datetime

import msgspec
import pytest
from django.core.management import call_command
from django.db import connection, migrations
from django.db.migrations.exceptions import IrreversibleError
from django.db.migrations.executor import MigrationExecutor

from belowline.backup import archive, roll_back, tables
from belowline.backup.errors import BackupError
from belowline.backup.manifest import Manifest
from belowline.comments.models import Comment
from belowline.comments.search_index import is_whole
from belowline.moderation.models import Decision, Report
from belowline.moderation.queue_entries import QueueEntry
from belowline.moderation.queueing import find_drift
from belowline.stories.models import Story

EARLIER = {
    "accounts": "0003_single_sign_on",
    "comments": "0004_reading",
    "compat": "0001_initial",
    "events": "0001_initial",
    "moderation": "0003_reader_section",
    "notifications": "0002_mail_due",
    "stories": "0004_section_mode_may_be_empty",
}
"""The tables of the version that had the whole of the readers' section, and nothing of the desk that came after it."""
REASON = {
    "rule": "banned_word",
    "title": "Words that we do not publish",
    "outcome": "hold",
    "signal": "banned_word",
    "score": 1.0,
    "threshold": 0.5,
    "start": 7,
    "end": 13,
    "explanation": "“wombat” is not published here.",
    "desk": "moderators",
}
"""As the earlier version wrote it."""
AT = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


@pytest.fixture
def whole():
    """Whatever happens, the tables of this version are there again for the tests that follow."""
    yield
    call_command("migrate", interactive=False, verbosity=0)


@pytest.fixture
def earlier(tmp_path):
    """A backup that the earlier version has made, as far as going back looks at it."""
    (tmp_path / "dump").write_bytes(b"")
    files = {"database.sqlite3": tmp_path / "dump"}
    older = [(app, name) for app, name in tables.applied(connection) if name <= EARLIER.get(app, "9")]
    manifest = Manifest(
        belowline_backup=1,
        belowline="0.0.9",
        made_at=AT,
        database="sqlite",
        database_file="database.sqlite3",
        migrations=older,
        counts={},
        files=archive.describe(files),
        left_out=[],
    )
    archive.write(tmp_path / "earlier.tar.gz", manifest, files)
    return tmp_path / "earlier.tar.gz"


def old_apps():
    """The models of the earlier version, as its code had them."""
    return MigrationExecutor(connection).loader.project_state(list(EARLIER.items())).apps


def texts():
    return sorted(Comment.objects.values_list("pk", "status", "text_source", "author__email"))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_back_and_up_again(whole, earlier, published, held, report, rejected_too, story):  # noqa: PLR0917
    report()
    before, decisions = texts(), sorted(Decision.objects.values_list("pk", "comment", "outcome", "maker"))
    assert len(before) == 3

    assert roll_back.roll_back(earlier) >= 12
    old = old_apps()
    had = old.get_model("comments", "Comment").objects.values_list("pk", "status", "text_source", "author__email")
    assert sorted(had) == before, "the old code reads every comment as it was"
    assert "moderation_queueentry" not in connection.introspection.table_names()
    new = write_as_old_code(old, story.pk)

    call_command("migrate", interactive=False, verbosity=0)
    assert texts() == sorted([*before, *new])
    kept = sorted(
        Decision.objects.exclude(comment__idempotency_key__startswith="old").values_list(
            "pk", "comment", "outcome", "maker"
        )
    )
    assert kept == decisions
    check_what_old_code_wrote()


@pytest.fixture
def rejected_too(post, decide):
    comment = post("Another wombat of a bridge.").comment
    decide(comment, "reject", rule="banned_word")
    return comment


def write_as_old_code(old, story_id):
    """An author, a published comment with an answer, and a held one, by the models of the earlier version."""
    author = old.get_model("accounts", "User").objects.create(email="old@reader.example", display_name="Old Hand")
    made = []
    for key, status, text in (
        ("old-1", "published", "The ferry is slow in autumn."),
        ("old-2", "published", "It is not slow at all, because the tide helps it."),
        ("old-3", "held", "What a wombat of a ferry."),
    ):
        parent = made[0] if key == "old-2" else None
        made.append(old_comment(old, story_id, author, key, status, text, parent))
    old.get_model("moderation", "Report").objects.create(
        comment=made[0], reporter=author, category="abuse", text_source="He mocks the ferryman."
    )
    return [(one.pk, one.status, one.text_source, author.email) for one in made]


def old_comment(old, story_id, author, key, status, text, parent):  # noqa: PLR0917
    model = old.get_model("comments", "Comment")
    fields = {field.name for field in model._meta.get_fields()}
    comment = model.objects.create(
        story_id=story_id,
        author_id=author.pk,
        idempotency_key=key,
        status=status,
        text_source=text,
        body_html=f"<p>{text}</p>",
        text_key=key,
        parent=parent,
        root=parent,
        **{name: 0 for name in ("band_0", "band_1", "band_2", "band_3") if name in fields},
    )
    revision = old.get_model("comments", "Revision").objects.create(comment=comment, text_source=text)
    old.get_model("moderation", "Decision").objects.create(
        comment=comment,
        revision=revision,
        maker="engine",
        outcome="publish" if status == "published" else "hold",
        reasons=[] if status == "published" else [REASON],
        scores={},
        policy="old",
        model="old",
    )
    return comment


def check_what_old_code_wrote():
    """The newer version has made of it what its pages need: queues, reports, the index of words, no drift."""
    held = Comment.objects.get(idempotency_key="old-3")
    assert QueueEntry.objects.get(comment=held).queue == "held"
    reported = Comment.objects.get(idempotency_key="old-1")
    assert Report.objects.get(comment=reported).state == "open"
    assert QueueEntry.objects.get(comment=reported).queue == "reported"
    assert Comment.objects.get(idempotency_key="old-2").parent == reported
    assert not find_drift()
    assert is_whole(connection)
    assert Story.objects.count() == 1


# --- what cannot be done is said


@pytest.mark.django_db
def test_a_backup_of_this_version_takes_nothing_back(earlier, tmp_path):
    manifest = msgspec.structs.replace(archive.read_manifest(earlier), migrations=tables.applied(connection))
    executor = MigrationExecutor(connection)

    assert executor.migration_plan(roll_back.targets(manifest, executor)) == []


@pytest.mark.django_db
def test_the_plan_goes_back_and_nowhere_else(earlier):
    """Only what the earlier version had not is taken back, of each app."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(roll_back.targets(archive.read_manifest(earlier), executor))

    assert {is_backwards for _, is_backwards in plan} == {True}
    taken = {(one.app_label, one.name) for one, _ in plan}
    assert taken == {(app, name) for app, name in tables.applied(connection) if name > EARLIER.get(app, "9")}


@pytest.mark.parametrize(
    ("error", "told"),
    [(IrreversibleError("moderation.0099"), "cannot be taken back .*restore the backup instead")],
)
@pytest.mark.django_db
def test_what_cannot_be_taken_back(earlier, monkeypatch, error, told):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(MigrationExecutor, "migrate", fail)
    with pytest.raises(BackupError, match=told):
        roll_back.roll_back(earlier)


@pytest.mark.django_db
def test_every_migration_of_ours_can_be_taken_back():
    """What cannot, must say so in docs/how-to/operate.md, for then only the backup leads back."""
    loader = MigrationExecutor(connection).loader
    ours = [one for key, one in loader.disk_migrations.items() if key[0] in EARLIER]
    stuck = [
        str(one)
        for one in ours
        for operation in one.operations
        if not isinstance(operation, migrations.SeparateDatabaseAndState) and not operation.reversible
    ]

    assert len(ours) > 25
    assert stuck == []
