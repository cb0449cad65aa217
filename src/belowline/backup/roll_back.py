"""Back to the tables of an earlier version, with what was written since: for whoever must go back after an upgrade."""

from pathlib import Path

from django.db import DatabaseError
from django.db.migrations.exceptions import IrreversibleError
from django.db.migrations.executor import MigrationExecutor

from belowline import __version__
from belowline.backup.archive import read_manifest
from belowline.backup.errors import BackupError
from belowline.backup.manifest import Manifest, check_version
from belowline.backup.tables import applied, default, known

Target = tuple[str, str | None]
"""An app and its last migration; None: it has had none."""


def roll_back(source: Path) -> int:
    """Take back the migrations that came after a backup was made; return how many.

    Rows stay, those written since included; columns and tables that the earlier version does not know are dropped.

    Raises:
        BackupError: it is no backup, one of a newer version, or a migration cannot be taken back.
    """
    manifest = read_manifest(source)
    check_version(manifest, known(), __version__)
    executor = MigrationExecutor(default())
    before = len(applied(default()))
    try:
        executor.migrate(targets(manifest, executor))
    except IrreversibleError as error:
        raise BackupError(f"this cannot be taken back ({error}): restore the backup instead") from error
    except DatabaseError as error:
        raise BackupError(
            f"going back failed ({type(error).__name__}): what was taken back stays so; restore the backup instead"
        ) from error
    return before - len(applied(default()))


def targets(manifest: Manifest, executor: MigrationExecutor) -> list[Target]:
    """Return each app's last migration among those that the backup had."""
    there = {*executor.loader.applied_migrations} & {*executor.loader.graph.nodes}
    had = {(app, name) for app, name in manifest.migrations} & there
    found: list[Target] = []
    for app in sorted({app for app, _ in there}):
        mine = {key for key in had if key[0] == app}
        last = sorted(
            key for key in mine if not mine & {child.key for child in executor.loader.graph.node_map[key].children}
        )
        found += last or [(app, None)]
    return found
