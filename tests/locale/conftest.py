"""The catalogues as the tooling sees them."""

import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "messages.py"


@pytest.fixture(scope="session")
def messages():
    """The command that gathers and compiles the catalogues, as a module."""
    spec = importlib.util.spec_from_file_location("messages_command", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def source(messages):
    """Every word of ours that readers meet, in English."""
    return messages.source_catalog()
