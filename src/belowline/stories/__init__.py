"""Sites, and the stories that discussions stand under."""
