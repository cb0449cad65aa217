"""Real caches before a real newsroom."""

import sys
import tempfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="module")
def folder():
    """A folder into which the accounts of nginx and Varnish can look; pytest's own are closed to them."""
    with tempfile.TemporaryDirectory(prefix="belowline-edge-") as name:
        found = Path(name)
        found.chmod(0o755)
        yield found
