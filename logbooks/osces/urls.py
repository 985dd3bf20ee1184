"""Addresses of OSCEs."""

from django.urls import URLPattern, URLResolver, include, path

from logbooks.osces import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("osces/stations/", include("logbooks.osces.stations.urls")),
    path("osces/exams/", include("logbooks.osces.exams.urls")),
    path("osces/", include("logbooks.osces.release.urls")),
    path("osces/marks/", views.marks, name="osce_marks"),
    path("osces/marks/<uuid:key>/", views.analysis, name="osce_analysis"),
    path("osces/marks/<uuid:key>/what-if/", views.what_if_page, name="osce_what_if"),
    path("osces/marks/<uuid:key>/stations/<int:place>/", views.station, name="osce_station"),
    path("osces/marks/<uuid:key>/<str:table>/file/<str:format>/", views.file, name="osce_file"),
    path("osces/marks/<uuid:key>/pdf/", views.make_pdf, name="osce_make_pdf"),
    path("osces/marks/<uuid:key>/pdf/<uuid:work>/", views.pdf, name="osce_pdf"),
]
