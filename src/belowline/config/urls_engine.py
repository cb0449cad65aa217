"""The addresses of `belowline serve --engine-only`: the judgement alone."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from belowline.config.health import healthz, readyz
from belowline.metrics.views import metrics

handler404 = "belowline.compat.perspective.views.not_found"
urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("", include("belowline.compat.urls")),
    path("", RedirectView.as_view(pattern_name="compat:usage"), name="front"),
]
