"""A backup comes back whole, or nothing changes."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from belowline.accounts.models import User
from belowline.backup import put_back
from belowline.backup.errors import BackupError
from belowline.backup.put_back import restore_backup
from belowline.comments.models import Comment
from belowline.comments.search_index import is_whole
from belowline.engine.policy import load_policy
from belowline.moderation.actions.close_account import close_account
from belowline.moderation.engine import site_policy
from belowline.stories.models import Site

pytestmark = pytest.mark.django_db(transaction=True)


def rows():
    return sorted(Comment.objects.values_list("pk", "status", "text_source", "author__email"))


@pytest.fixture
def emptied(published, held, save):
    """A backup of a newsroom with two comments, and an empty database."""
    made = save(), rows()
    call_command("flush", interactive=False, verbosity=0)
    return made


def test_into_an_empty_database(emptied, data, post):
    made, before = emptied
    (data / "secret_key").write_text("made by init meanwhile", "utf-8")
    (data / "locale" / "stray").write_text("later", "utf-8")
    done = restore_backup(made.path)

    assert rows() == before
    assert len(before) == 2
    assert (done.migrated, done.erased_again) == (0, 0)
    assert site_policy(Site.objects.get()).name == "Small" != load_policy().name
    assert is_whole(connection), "the search finds the comments, too"
    check_data_folder(data)

    # The newsroom goes on: what is written afterwards takes ids that are free.
    author, story = User.objects.get(email="marjorie@reader.example"), Comment.objects.first().story
    assert post("A later remark.", author=author, story=story).comment.pk > max(row[0] for row in before)


def check_data_folder(data):
    assert (data / "secret_key").read_text("utf-8").strip() == settings.SECRET_KEY
    assert (data / "secret_key").stat().st_mode & 0o777 == 0o600
    assert (data / "locale/en/LC_MESSAGES/django.mo").read_text("utf-8") == "words"
    assert (data / "models/1/abuse/weights").read_text("utf-8") == "numbers"
    assert (data / "secret_key.before-restore").read_text("utf-8") == "made by init meanwhile"
    assert not (data / "locale" / "stray").exists()
    assert (data / "locale.before-restore" / "stray").exists()
    assert not [path for path in data.iterdir() if path.name.startswith(".")]


def test_a_newsroom_is_not_written_over(published, save, post):
    made = save()
    later = post("A later remark about the bridge.").comment

    with pytest.raises(BackupError, match=r"there is a newsroom in .* already: .*--replace"):
        restore_backup(made.path)
    assert Comment.objects.filter(pk=later.pk).exists()
    restore_backup(made.path, replace=True)
    assert [row[0] for row in rows()] == [published.pk]


@pytest.mark.parametrize("deletes", [True, False])
def test_whoever_deleted_their_account_since_does_not_come_back(post, reader, other_reader, save, deletes):
    post()
    other = post("Another remark about the bridge.", author=other_reader).comment
    made = save()
    close_account(user=reader, deletes_comments=deletes)

    done = restore_backup(made.path, replace=True)
    assert (done.erased_again, done.not_erased) == (1, [])
    assert User.objects.get(pk=reader.pk).closed_at
    assert not User.objects.filter(email="marjorie@reader.example").exists()
    assert User.objects.get(pk=other_reader.pk).email == "ken@reader.example"
    assert other.pk in [row[0] for row in rows()]


def test_a_dump_that_cannot_be_loaded_changes_nothing(published, save, forge):
    """Its checksum is right, its content is not: the one transaction is taken back."""
    made = save()
    before = rows()
    dump = made.manifest.database_file
    broken = forge(made, {dump: b"no database at all"})

    with pytest.raises(BackupError, match=r"cannot be read|pg_restore failed"):
        restore_backup(broken, replace=True)
    assert rows() == before


def test_a_migration_that_fails_is_told(emptied, monkeypatch):
    from django.db import DatabaseError

    def fail(*_, **__):
        raise DatabaseError("no")

    monkeypatch.setattr(put_back, "call_command", fail)

    with pytest.raises(BackupError, match=r"everything is restored, but .* run `belowline migrate`"):
        restore_backup(emptied[0].path)
