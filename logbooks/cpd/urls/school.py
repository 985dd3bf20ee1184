"""Addresses of what others see."""

from django.urls import URLPattern, path

from logbooks.cpd.views import sharing

urlpatterns: list[URLPattern] = [
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
