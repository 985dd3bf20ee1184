"""Addresses of OSCEs."""

from django.urls import URLPattern, URLResolver, include, path

from logbooks.osces.examined import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("osces/stations/", include("logbooks.osces.stations.urls")),
    path("osces/exams/<uuid:exam>/marks/", include("logbooks.osces.examined.urls")),
    path("osces/exams/<uuid:exam>/", include("logbooks.osces.results.urls")),
    path("osces/exams/", include("logbooks.osces.exams.urls")),
    path("osces/marking/", include("logbooks.osces.marking.urls")),
    path("osces/exams/", include("logbooks.osces.day.urls")),
    path("osces/", include("logbooks.osces.release.urls")),
    path("osces/marks/", views.marks, name="osce_marks"),
    path("osces/marks/<uuid:key>/", include("logbooks.osces.examined.urls")),
]
