"""The readers' pages: one file a page."""
