"""Addresses of taking a record away and bringing one, and of files of other tools."""

from django.urls import path

from logbooks.cpd.views import importing, leaving

urlpatterns = [
    path("take-away/", leaving.take_away, name="cpd_take_away"),
    path("take-away/<uuid:work>/", leaving.copy, name="cpd_copy"),
    path("bring/", leaving.bring_page, name="cpd_bring"),
    path("bring/<uuid:key>/", leaving.brought_page, name="cpd_brought"),
    path("import/", importing.send, name="cpd_import"),
    path("import/<uuid:file>/", importing.preview, name="cpd_import_file"),
    path("import/<uuid:file>/columns/", importing.columns, name="cpd_import_columns"),
]
