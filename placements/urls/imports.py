"""Addresses for importing files."""

from django.urls import URLPattern, path

from placements.views import imports

urlpatterns: list[URLPattern] = [
    path("imports/", imports.listed, name="imports"),
    path("imports/<uuid:key>/", imports.shown, name="import"),
    path("imports/<uuid:key>/write/", imports.write, name="write_import"),
    path("imports/<uuid:key>/discard/", imports.discard, name="discard_import"),
    path("imports/<uuid:key>/rows.<str:format>", imports.rows, name="import_rows"),
    path("imports/<slug:kind>/", imports.new, name="new_import"),
]
