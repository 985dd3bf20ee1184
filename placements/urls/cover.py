"""Addresses of who stands in for a practice educator."""

from django.urls import URLPattern, path

from placements.views import cover

urlpatterns: list[URLPattern] = [
    path("cover/", cover.cover, name="cover"),
    path("cover/<uuid:cover>/", cover.change_cover, name="change_cover"),
    path("cover/<uuid:cover>/cancel/", cover.cancel, name="cancel_cover"),
]
