"""Template tags about decisions."""
