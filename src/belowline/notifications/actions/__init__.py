"""What changes how readers are told: one verb a file."""
