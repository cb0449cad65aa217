"""All that is kept about a person, for that person: as JSON, and as CSV."""
