"""A newsroom to try: an invented paper with stories and readers."""
