"""Addresses of CPD."""

from django.urls import include, path

from logbooks.cpd.urls import activities, leaving, profile, school

urlpatterns = [
    path(
        "cpd/",
        include(
            [
                *profile.urlpatterns,
                *leaving.urlpatterns,
                *school.urlpatterns,
                *activities.urlpatterns,
            ]
        ),
    ),
]
