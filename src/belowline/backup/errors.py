"""What goes wrong with backups, in words that say what to do."""


class BackupError(Exception):
    """A backup cannot be made, read or restored; the message says why, and what to do."""
