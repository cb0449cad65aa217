"""Telling people what happened: subscribes to decisions."""
