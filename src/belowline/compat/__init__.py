"""Wire-compatible doors: Google's Perspective API, and Coral's external moderation phase."""
