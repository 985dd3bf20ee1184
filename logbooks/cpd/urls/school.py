"""Addresses of what others see."""

from django.urls import URLPattern, path

from logbooks.cpd.views import help, school, sharing

urlpatterns: list[URLPattern] = [
    path("help/", help.ask, name="cpd_ask_help"),
    path("help/<uuid:asked>/seen-to/", help.see_to, name="cpd_help_seen_to"),
    path("school/", school.shown, name="cpd_school"),
    path("school/file/<str:format>/", school.file, name="cpd_school_file"),
    path("share/", sharing.share, name="cpd_share"),
    path("share/<uuid:share>/end/", sharing.end, name="cpd_end_share"),
    path("shared/", sharing.shared, name="cpd_shared"),
    path("shared/<uuid:share>/", sharing.shared_thing, name="cpd_shared_thing"),
    path("shared/<uuid:share>/pdf/", sharing.shared_pdf, name="cpd_shared_pdf"),
    path(
        "shared/<uuid:share>/evidence/<uuid:file>/",
        sharing.shared_evidence,
        name="cpd_shared_evidence",
    ),
]
