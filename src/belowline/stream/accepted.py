"""What a browser accepts. Knows nothing of readers or stories: the engine alone is served with it, too."""

import re

GZIP = re.compile(r"(?:^|[,\s])(?:gzip|\*)\s*(?:$|,|;\s*q=(?!0(?:\.0*)?\s*(?:$|,)))", re.IGNORECASE)
"""What Accept-Encoding holds where gzip is welcome: named, and not with a weight of nought."""
