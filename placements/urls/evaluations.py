"""Addresses of students' evaluations of their placements."""

from django.urls import URLPattern, path

from placements.views import evaluations

urlpatterns: list[URLPattern] = [
    path("placements/<uuid:placement>/evaluation/", evaluations.evaluate, name="evaluate"),
    path(
        "places/sites/<uuid:site>/evaluations/",
        evaluations.site_evaluations,
        name="site_evaluations",
    ),
    path("evaluations/", evaluations.evaluations, name="evaluations"),
    path("evaluations/file/<str:format>/", evaluations.evaluations_file, name="evaluations_file"),
]
