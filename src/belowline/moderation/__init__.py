"""Judging comments: by the engine and by people, with reasons, and undo."""
