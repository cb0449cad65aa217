"""Settings of the Wagtail site; where the comments are, the environment says."""

import os
from pathlib import Path

FOLDER = Path(os.environ["PAPER_DIR"])
SECRET_KEY = "only-for-tests" * 4
DEBUG = True
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "paper.urls"
INSTALLED_APPS = [
    "paper",
    "django_belowline",
    "wagtail.users",
    "wagtail.images",
    "wagtail.documents",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "paper.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "/static/"
USE_TZ = True
LANGUAGE_CODE = "en"
WAGTAIL_SITE_NAME = "The Paper"
WAGTAILADMIN_BASE_URL = "http://localhost"
BELOWLINE_URL = os.environ["PAPER_COMMENTS"]
BELOWLINE_SITE = "quillhaven"
BELOWLINE_KEY = os.environ["PAPER_KEY"]
BELOWLINE_CACHE = 1
BELOWLINE_TIMEOUT = 10
