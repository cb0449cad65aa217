"""What differs between languages: how dates and numbers are written, and the catalogues of our words."""
