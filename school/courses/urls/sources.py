"""The addresses of sources of attainments."""

from django.urls import URLPattern, path

from school.courses.views import sources

urlpatterns: list[URLPattern] = [
    path("import-sources/", sources.import_sources, name="import_sources"),
    path("import-sources/<uuid:source>/", sources.import_source, name="import_source"),
    path("import-sources/<uuid:source>/change/", sources.change_source, name="change_source"),
]
