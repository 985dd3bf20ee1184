"""Every address of the placement programme."""

from django.urls import URLPattern

from placements.urls import (
    coordinator,
    cover,
    educator,
    imports,
    links,
    requests,
    statements,
    student,
)

urlpatterns: list[URLPattern] = [
    *student.urlpatterns,
    *cover.urlpatterns,
    *educator.urlpatterns,
    *links.urlpatterns,
    *coordinator.urlpatterns,
    *imports.urlpatterns,
    *requests.urlpatterns,
    *statements.urlpatterns,
]
