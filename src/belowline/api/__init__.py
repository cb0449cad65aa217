"""The API for publishers."""
