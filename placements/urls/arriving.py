"""Addresses of what happens before the first day."""

from django.urls import URLPattern, path

from placements.views.arriving import checks, own, sites, waiting

urlpatterns: list[URLPattern] = [
    path("places/sites/<uuid:site>/settings/", sites.site_settings, name="site_settings"),
    path("placements/<uuid:placement>/checks/", checks.placement_checks, name="placement_checks"),
    path(
        "placements/<uuid:placement>/checks/<uuid:check>/",
        checks.correct_check,
        name="correct_check",
    ),
    path(
        "placements/<uuid:placement>/checks/<uuid:check>/withdraw/",
        checks.withdraw_check,
        name="withdraw_check",
    ),
    path("placements/<uuid:placement>/joining/", own.joining_pack, name="joining_pack"),
    path("ready/", own.ready, name="ready"),
    path("students/not-ready/", waiting.not_ready, name="not_ready"),
    path("students/not-ready/file/<str:format>/", waiting.not_ready_file, name="not_ready_file"),
]
