"""Backups of a whole newsroom, and putting them back: one file, checked by restoring it."""
