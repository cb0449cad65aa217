"""The WSGI application of `belowline serve --engine-only`: the models are loaded before the first call."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "belowline.config.settings")
os.environ["BELOWLINE_ENGINE_ONLY"] = "yes"
django_application = get_wsgi_application()

from belowline.compat.perspective.versions import versions  # noqa: E402 - needs Django to be set up
from belowline.compat.quota import write_use_at_end  # noqa: E402 - as above
from belowline.config.front import Front, view_of  # noqa: E402 - as above
from belowline.config.observers import observers  # noqa: E402 - as above
from belowline.traces import traced  # noqa: E402 - as above

versions().newest.warm_up()
write_use_at_end()
application = traced(Front(django_application, observers()), view_of, os.environ)
