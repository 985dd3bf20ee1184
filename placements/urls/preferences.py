"""The address of a student's preferences."""

from django.urls import URLPattern, path

from placements.views import preferences

urlpatterns: list[URLPattern] = [
    path("preferences/", preferences.preferences, name="preferences"),
]
