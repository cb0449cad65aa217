"""A small real Wagtail site: an article page with a rich text and a stream, and Belowline's comments below."""
