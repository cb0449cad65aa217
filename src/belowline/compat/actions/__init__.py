"""What changes keys and what they own: one verb a file."""
