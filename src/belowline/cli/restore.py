"""`belowline restore`: puts a backup back."""

from pathlib import Path

import click


@click.command(short_help="Put a backup back.")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Lose the newsroom that is there. Stop the server and workers first.")
def restore(source: Path, replace: bool) -> None:  # noqa: FBT001 - a command's flag
    """Restore the backup in the file SOURCE into the database and the data folder, and bring it to this version."""
    from belowline.cli.django import set_up

    set_up()
    from belowline.backup.errors import BackupError
    from belowline.backup.put_back import restore_backup

    try:
        done = restore_backup(source.absolute(), replace=replace)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    counts = done.manifest.counts
    click.echo(
        f"Restored: the newsroom of {done.manifest.made_at:%Y-%m-%d %H:%M} UTC (Belowline {done.manifest.belowline}), "
        f"with {counts.get('comments_comment', 0):,} comments and {counts.get('accounts_user', 0):,} accounts."
    )
    if done.migrated:
        click.echo(f"It was brought to this version: {done.migrated} migrations.")
    if done.erased_again:
        click.echo(f"{done.erased_again} accounts that had been deleted since are deleted again.")
    for user_id in done.not_erased:
        click.echo(f"Account {user_id} was deleted since, and is back: it is the only administrator.", err=True)
    click.echo("Start `belowline serve` and the workers anew, and look with `belowline doctor`.")
