"""Readers and staff: who somebody is, and how they sign in."""
