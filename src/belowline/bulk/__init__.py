"""Judging millions of comments: over the processes of one machine, or over a Ray cluster. No Django, no database."""
