"""Every address."""

from allauth.socialaccount.providers.google.views import oauth2_callback as google_callback
from allauth.socialaccount.providers.google.views import oauth2_login as google_login
from allauth.socialaccount.providers.openid_connect.views import callback as openid_connect_callback
from allauth.socialaccount.providers.openid_connect.views import login as openid_connect_login
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from belowline.api.routes import api
from belowline.config.health import healthz, readyz
from belowline.metrics.views import metrics
from belowline.stream.views import leave

handler429 = "belowline.stream.limited.sign_in_limited"
urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/google/login/", leave.by_page(google_login), name="google_login"),
    path("accounts/google/login/callback/", leave.or_say_so(google_callback), name="google_callback"),
    path(
        "accounts/oidc/<str:provider_id>/login/callback/",
        leave.or_say_so(openid_connect_callback),
        name="openid_connect_callback",
    ),
    path("accounts/oidc/<str:provider_id>/login/", leave.by_page(openid_connect_login), name="openid_connect_login"),
    path("accounts/", include("allauth.urls")),
    path("desk/", include("belowline.desk.urls")),
    path("api/v1/", api.urls),
    path("", include("belowline.compat.urls")),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("", include("belowline.stream.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("", include("belowline.demo.urls")))
else:
    urlpatterns.append(path("", RedirectView.as_view(pattern_name="faq"), name="front"))
