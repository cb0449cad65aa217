"""What changes stories: one verb a file."""
