"""The readers' pages without any cache: every request makes the whole page anew."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "belowline.config.settings")

from django.conf import settings

NONE = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
settings.CACHES = {"default": NONE, "kept": NONE}

from belowline.config.wsgi import django_application as application

__all__ = ["application"]
