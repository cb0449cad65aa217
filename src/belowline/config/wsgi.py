"""The WSGI application: Django, with cached thread pages answered before it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "belowline.config.settings")
django_application = get_wsgi_application()

from belowline.stream.page_cache import ThreadPageCache  # noqa: E402 - needs Django to be set up

application = ThreadPageCache(django_application)
