"""What changes accounts and the keys of publishers."""
