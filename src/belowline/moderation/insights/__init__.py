"""What a newsroom can learn of its own moderation: read from rows, counted over a period, drawn by the desk."""
