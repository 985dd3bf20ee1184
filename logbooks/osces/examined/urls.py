"""Addresses of marks on a page, below those of a file or of an exam."""

from django.urls import URLPattern, URLResolver, path

from logbooks.osces.examined import files, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.analysis, name="osce_analysis"),
    path("what-if/", views.what_if_page, name="osce_what_if"),
    path("stations/<int:place>/", views.station, name="osce_station"),
    path("<str:table>/file/<str:format>/", files.file, name="osce_file"),
    path("pdf/", views.make_pdf, name="osce_make_pdf"),
    path("pdf/<uuid:work>/", views.pdf, name="osce_pdf"),
]
