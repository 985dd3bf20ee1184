"""Addresses of the working patterns of a site."""

from django.urls import URLPattern, path

from placements.views import patterns

urlpatterns: list[URLPattern] = [
    path("places/sites/<uuid:site>/patterns/", patterns.site_patterns, name="site_patterns"),
    path(
        "places/sites/<uuid:site>/patterns/<uuid:pattern>/",
        patterns.change_pattern,
        name="change_pattern",
    ),
    path(
        "places/sites/<uuid:site>/patterns/<uuid:pattern>/remove/",
        patterns.remove,
        name="remove_pattern",
    ),
]
