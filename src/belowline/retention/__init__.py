"""What is erased when its time is over: docs/reference/retention.md."""
