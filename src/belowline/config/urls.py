"""Every address."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from belowline.api.routes import api
from belowline.config.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    path("desk/", include("belowline.desk.urls")),
    path("api/v1/", api.urls),
    path("", include("belowline.compat.urls")),
    path("healthz", healthz),
    path("", include("belowline.stream.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("", include("belowline.demo.urls")))
else:
    urlpatterns.append(path("", RedirectView.as_view(pattern_name="faq"), name="front"))
