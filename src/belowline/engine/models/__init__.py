"""Loading the shipped models and checking what was loaded."""
