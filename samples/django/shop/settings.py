import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
# Building needs no secret; serving does, and config.vpspilot.json asks for it.
SECRET_KEY = os.environ.get("SECRET_KEY") or "only for building and testing"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
INSTALLED_APPS = ["django.contrib.staticfiles", "shop"]
ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
DATABASES = {}
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
USE_TZ = True
