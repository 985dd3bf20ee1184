"""One page to measure, and one address that changes it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from tests.benchmarks.bare.rows.models import Row


def newest(request: HttpRequest) -> HttpResponse:
    """The signed-in user's newest 25 rows."""
    rows = Row.objects.filter(user=request.user).order_by("-created")[:25]
    return render(request, "rows.html", {"rows": rows, "user": request.user})


def add(request: HttpRequest) -> HttpResponse:
    """One more row for the signed-in user."""
    Row.objects.create(user=request.user, created=timezone.now(), title="One more", minutes=450)
    return HttpResponse("added")


urlpatterns = [path("", newest), path("add/", add)]
