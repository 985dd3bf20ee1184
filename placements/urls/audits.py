"""Addresses of the quality audits of sites."""

from django.urls import URLPattern, path

from placements.views import audits

urlpatterns: list[URLPattern] = [
    path("audits/", audits.audits, name="audits"),
    path("audits/file/<str:format>/", audits.audits_file, name="audits_file"),
    path("audits/actions/<uuid:action>/done/", audits.finish, name="finish_audit_action"),
    path("places/sites/<uuid:site>/audits/", audits.site_audits, name="site_audits"),
]
