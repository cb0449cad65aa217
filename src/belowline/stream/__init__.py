"""What readers see: thread pages, composer, FAQ, my comments."""
