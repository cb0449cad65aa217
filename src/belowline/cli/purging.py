"""Before a server or a worker starts: whether shared caches can be told of changes."""

import click


def check_purging(*, start: bool = False) -> None:
    """Stop where the settings for purging are wrong; with `start`, begin to purge where they ask for it.

    Raises:
        ClickException: they are wrong; its message says how to mend them.
    """
    from belowline.stories import purging
    from belowline.stories.errors import PurgeError

    try:
        if start:
            purging.start_purging()
        else:
            purging.check_purging()
    except PurgeError as error:
        raise click.ClickException(error.message) from error
