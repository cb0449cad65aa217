"""The addresses of the compatible doors."""

from django.urls import path, re_path

from belowline.compat import usage
from belowline.compat.coral.views import phase
from belowline.compat.perspective import views

app_name = "compat"
urlpatterns = [
    re_path(r"^v1alpha1/comments:(?P<name>\w+)$", views.method, name="method"),
    re_path(r"^batch(?:/commentanalyzer/v1alpha1)?$", views.http_batch, name="http-batch"),
    path("v1alpha1/openapi.json", views.openapi, name="openapi"),
    re_path(r"^\$discovery/rest$", views.discovery, name="discovery"),
    path("v1alpha1/<path:rest>", views.no_such_method),
    path("usage/", usage.page, name="usage"),
    re_path(r"^coral/(?P<site_key>[-\w]+)/?$", phase, name="coral-phase"),
]
