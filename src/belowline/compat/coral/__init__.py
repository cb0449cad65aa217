"""Coral's external moderation phase: a signed request for each comment, answered with a status."""
