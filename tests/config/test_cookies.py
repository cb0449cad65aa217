"""Cookies: of this host alone where there is https, and apart for each paper where frames stand on other sites."""

import json
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse

from belowline.config.cookies import cookie_settings, partition_cookies

SIGN_IN = """
import json, django
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from belowline.accounts.models import User
from allauth.account.models import EmailAddress
settings.ALLOWED_HOSTS = ["*"]
call_command("migrate", verbosity=0)
user = User.objects.create_user(email="zoe@reader.example", password="a-long-password", display_name="Zoë")
EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
client = Client()
page = client.get("/accounts/login/", secure=True)
client.post("/accounts/login/", {"login": user.email, "password": "a-long-password"}, secure=True)
is_in = client.get("/me/", secure=True).status_code
kept = {name: morsel.OutputString() for name, morsel in client.cookies.items()}
gone = client.post("/accounts/logout/", secure=True).cookies
print(json.dumps({
    "kept": kept, "is_in": is_in, "headers": dict(page.headers),
    "gone": {name: morsel.OutputString() for name, morsel in gone.items()},
}))
"""

SETTINGS = {"DJANGO_SETTINGS_MODULE": "belowline.config.settings", "BELOWLINE_SECRET_KEY": "only-for-tests"}


@pytest.fixture
def signed_in(environment, tables):
    """Sign in on a server with these settings; what it answered."""

    def call(**changes):
        done = subprocess.run(
            [sys.executable, "-c", SIGN_IN],
            env=environment | SETTINGS | changes,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return call


def attributes(cookie):
    return {part.strip().partition("=")[0].lower(): part.strip().partition("=")[2] for part in cookie.split(";")[1:]}


@pytest.mark.slow
def test_with_https(signed_in):
    found = signed_in(BELOWLINE_BASE_URL="https://comments.gazette.example")

    assert set(found["kept"]) == {"__Host-belowline_session", "__Host-belowline_csrf"}
    assert found["is_in"] == 200
    for cookie in found["kept"].values():
        has = attributes(cookie)
        assert {"secure", "httponly"} <= set(has)
        assert (has["path"], has["samesite"]) == ("/", "Lax")
        assert not {"domain", "partitioned"} & set(has)
    assert found["headers"]["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.slow
def test_on_another_site(signed_in):
    found = signed_in(BELOWLINE_BASE_URL="https://comments.example", BELOWLINE_CROSS_SITE="yes")

    assert found["is_in"] == 200
    for cookie in found["kept"].values():
        has = attributes(cookie)
        assert {"secure", "httponly", "partitioned"} <= set(has)
        assert has["samesite"] == "None"
    again = attributes(found["gone"]["__Host-belowline_session"])
    assert {"partitioned", "secure"} <= set(again), "else the browser would keep two"


def test_without_https():
    assert cookie_settings(https=False, cross_site=False) == ("belowline_session", "csrftoken", "Lax")


def test_another_site_needs_https():
    with pytest.raises(ImproperlyConfigured, match="https"):
        cookie_settings(https=False, cross_site=True)


def test_every_cookie_of_an_answer_is_partitioned():
    def view(request):
        answer = HttpResponse()
        answer.set_cookie("a", "1", secure=True, samesite="None")
        answer.delete_cookie("b", samesite="None")
        return answer

    cookies = partition_cookies(view)(None).cookies
    assert ["Partitioned" in morsel.OutputString() for morsel in cookies.values()] == [True, True]
