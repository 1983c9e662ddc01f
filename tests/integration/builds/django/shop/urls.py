"""The one page."""

import os
from pathlib import Path

from django.http import HttpRequest, JsonResponse
from django.urls import path


def answer(_request: HttpRequest) -> JsonResponse:
    found = {
        "name": "django",
        "user": os.getuid(),
        "port": os.environ["PORT"],
        "files": sorted(path.name for path in Path().iterdir()),
    }
    return JsonResponse({**found, "static": Path("static/admin/css/base.css").is_file()})


urlpatterns = [path("", answer)]
