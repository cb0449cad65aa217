"""What decides about comments: one verb a file."""
