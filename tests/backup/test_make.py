"""A backup holds the newsroom as it was at one moment, and is tried before anybody is told that it is there."""

import stat
import tarfile
import threading

import pytest
from django.db import close_old_connections, connection

from belowline.backup import archive, make, postgres, sqlite
from belowline.backup.errors import BackupError
from belowline.backup.make import make_backup
from belowline.backup.put_back import restore_backup
from belowline.comments.models import Comment
from belowline.moderation.models import PolicyVersion
from belowline.stories.models import Story

pytestmark = pytest.mark.django_db(transaction=True)
on_postgres = pytest.mark.skipif("connection.vendor != 'postgresql'")


def test_what_is_in_it(published, tmp_path, data):
    made = make_backup(tmp_path)

    assert made.is_verified
    assert made.path == tmp_path / f"belowline-{made.manifest.made_at:%Y%m%d-%H%M%S}.tar.gz"
    manifest = archive.read_manifest(made.path)
    assert manifest == made.manifest
    assert manifest.counts["comments_comment"] == Comment.objects.count() == 1
    assert manifest.counts["moderation_policyversion"] == PolicyVersion.objects.count() == 1
    assert ("comments", "0001_initial") in manifest.migrations
    assert {*manifest.files} == {
        manifest.database_file,
        "data/secret_key",
        "data/locale/en/LC_MESSAGES/django.mo",
        "data/models/1/abuse/weights",
    }
    assert manifest.left_out == make.NEVER
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600, "nobody else may read it"
    assert {path.name for path in tmp_path.iterdir()} == {made.path.name, "data"}, "nothing is left beside it"
    with tarfile.open(made.path) as tar:
        assert tar.getnames()[0] == "manifest.json"


def test_a_key_from_the_environment_is_not_in_it(site, save, data):
    """Who restores must be told: without the key, everybody signs in again, and links in mails are dead."""
    (data / "secret_key").write_text("another one", "utf-8")
    made = save(verify=False)

    assert "the secret key (it comes from BELOWLINE_SECRET_KEY)" in made.manifest.left_out
    before = made.path.read_bytes()
    with pytest.raises(BackupError, match="is there already: name another file"):
        save()
    assert made.path.read_bytes() == before, "a file that is there is not written over"


def test_a_folder_that_is_not_there(db, save):
    with pytest.raises(BackupError, match="No such file or directory"):
        save("nowhere/saved.tar.gz")


def test_a_copy_that_lacks_rows_is_noticed_and_not_kept(published, tmp_path, monkeypatch):
    """The try at restoring fails: no file is left that somebody would trust."""
    module = postgres if connection.vendor == "postgresql" else sqlite
    real = module.dump
    monkeypatch.setattr(
        module,
        "dump",
        lambda *given: {name: count + (name == "comments_comment") for name, count in real(*given).items()},
    )

    with pytest.raises(BackupError, match="incomplete: comments_comment has 1 rows instead of 2"):
        make_backup(tmp_path / "saved.tar.gz")
    assert not (tmp_path / "saved.tar.gz").exists()
    assert make_backup(tmp_path / "saved.tar.gz", verify=False).is_verified is False


def test_posting_goes_on_meanwhile(post, save, published):
    """Readers post while it is saved, three times: no post fails, and each backup is true in itself."""
    stop, failed, posted = threading.Event(), [], []

    def readers():
        try:
            while not stop.is_set():
                posted.append(post(f"A remark about the bridge, number {len(posted)}.").comment.pk)
        except Exception as error:  # noqa: BLE001 - the test fails by it
            failed.append(error)
        finally:
            close_old_connections()
            connection.close()

    thread = threading.Thread(target=readers)
    thread.start()
    try:
        made = [save(f"{number}.tar.gz", verify=number == 0) for number in range(3)]
    finally:
        stop.set()
        thread.join()

    assert failed == []
    counts = [one.manifest.counts for one in made]
    assert len({one["comments_comment"] for one in counts}) > 1, "comments came between the backups"
    for one in counts:
        assert one["comments_comment"] == one["comments_revision"] == one["moderation_decision"]
    restore_backup(made[1].path, replace=True)
    assert Comment.objects.count() == counts[1]["comments_comment"]
    assert not Comment.objects.filter(decisions=None).exists()
    assert Story.objects.get().comment_count == Comment.objects.filter(status="published").count()


@on_postgres
def test_tables_of_others_are_left_out(site, save):
    with connection.cursor() as cursor:
        cursor.execute('CREATE TABLE "Their Articles" (id int)')
    try:
        made = save()
        restore_backup(made.path, replace=True)
        assert "Their Articles" in connection.introspection.table_names(), "and left alone"
    finally:
        with connection.cursor() as cursor:
            cursor.execute('DROP TABLE "Their Articles"')
    assert "Their Articles" not in made.manifest.counts


@on_postgres
def test_without_postgresqls_client(site, save, monkeypatch):
    monkeypatch.setattr(postgres.shutil, "which", lambda _: None)

    with pytest.raises(BackupError, match="pg_dump is not installed here: install PostgreSQL's client"):
        save()


@on_postgres
def test_an_account_that_may_not_make_databases(site, save):
    with connection.cursor() as cursor:
        cursor.execute("DROP ROLE IF EXISTS belowline_small")
        cursor.execute("CREATE ROLE belowline_small LOGIN; GRANT pg_read_all_data TO belowline_small")
    found = connection.settings_dict["USER"]
    connection.close()
    try:
        connection.settings_dict["USER"] = "belowline_small"
        with pytest.raises(BackupError, match=r"permission denied.*CREATEDB.*or say --no-verify"):
            save()
        assert save(verify=False).path.exists()
    finally:
        connection.settings_dict["USER"] = found
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute("REVOKE pg_read_all_data FROM belowline_small; DROP ROLE belowline_small")


def test_a_database_without_tables(save, monkeypatch):
    monkeypatch.setattr(make, "applied", lambda _: [])

    with pytest.raises(BackupError, match="the database is empty: check DATABASE_URL"):
        save()
