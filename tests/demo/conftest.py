"""The demo's pages, which other newsrooms do not have."""

import sys
from types import ModuleType

import pytest
from django.test import Client
from django.urls import include, path


@pytest.fixture
def in_demo(settings, db, tmp_path):
    """A browser on a server that shows the demo."""
    from belowline.config import urls

    addresses = ModuleType("demo_addresses")
    addresses.urlpatterns = [*urls.urlpatterns[:-1], path("", include("belowline.demo.urls"))]
    sys.modules["demo_addresses"] = addresses
    settings.ROOT_URLCONF = "demo_addresses"
    settings.DEMO = True
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    yield Client()
    del sys.modules["demo_addresses"]
