import os
import platform

import django
from django.http import HttpResponse, JsonResponse
from django.urls import path

VERSION = "1.0.0"


def home(request):
    has_secret = bool(os.environ.get("SECRET_KEY"))
    return JsonResponse({"app": "hello-django", "version": VERSION, "runtime": platform.python_version(), "django": django.get_version(), "secret": has_secret})


def health(request):
    return HttpResponse("ok")


urlpatterns = [path("", home), path("health", health)]
