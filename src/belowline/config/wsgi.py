"""The WSGI application: Django, with cached thread pages answered before it, and what operators ask before these."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "belowline.config.settings")
django_application = get_wsgi_application()

from django.urls import get_resolver  # noqa: E402 - needs Django to be set up

from belowline.compat.quota import write_use_at_end  # noqa: E402 - needs Django to be set up
from belowline.config.front import Front, view_of  # noqa: E402 - as above
from belowline.config.observers import observers  # noqa: E402 - as above
from belowline.moderation.engine import warm_up  # noqa: E402 - needs Django to be set up
from belowline.stream.counts_cache import CountsCache  # noqa: E402 - as above
from belowline.stream.page_cache import ThreadPageCache  # noqa: E402 - as above
from belowline.traces import traced  # noqa: E402 - as above

told = observers()
# Every address with its views, before the first reader: the probes ask for none of them.
_ = get_resolver().url_patterns
warm_up()
write_use_at_end()
application = traced(Front(CountsCache(ThreadPageCache(django_application)), told), view_of, os.environ)
