"""Belowline's comments in a Django or Wagtail site."""
