"""What changes comments: one verb a file."""
