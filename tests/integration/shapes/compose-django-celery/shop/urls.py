"""Every page of the shop."""

import os

from django.http import HttpResponse, JsonResponse
from django.urls import path

from shop.tasks import store, table


def health(_request):
    with table():
        return HttpResponse("ok")


def greeting(_request):
    return HttpResponse(os.environ["GREETING"])


def add(_request, first, second):
    store.delay("sum", first, second)
    return HttpResponse(status=202)


def stored(_request, name):
    with table() as cursor:
        cursor.execute("SELECT number FROM stored WHERE name = %s", [name])
        return JsonResponse([row[0] for row in cursor.fetchall()], safe=False)


urlpatterns = [
    path("health/", health),
    path("greeting", greeting),
    path("add/<int:first>/<int:second>", add),
    path("stored/<str:name>", stored),
]
