"""Addresses of the regulator's profile."""

from django.urls import URLPattern, path

from logbooks.cpd.views import frozen, profiles

urlpatterns: list[URLPattern] = [
    path("profile/", profiles.cpd_profile, name="cpd_profile"),
    path("profile/choose/", profiles.cpd_choose, name="cpd_choose"),
    path("profile/write/", profiles.cpd_write_profile, name="cpd_write_profile"),
    path("profile/check/", frozen.cpd_check_profile, name="cpd_check_profile"),
    path("profile/<uuid:profile>/", frozen.cpd_frozen_profile, name="cpd_frozen_profile"),
    path(
        "profile/<uuid:profile>/file/<str:ending>/", frozen.cpd_frozen_file, name="cpd_frozen_file"
    ),
    path(
        "profile/<uuid:profile>/compare/<uuid:other>/",
        frozen.cpd_compare_profiles,
        name="cpd_compare_profiles",
    ),
]
