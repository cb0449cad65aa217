"""Arabic: its formats, and its words in LC_MESSAGES."""
