"""Every address of the placement programme."""

from django.urls import URLPattern

from placements.urls import (
    arriving,
    calendar,
    concerns,
    coordinator,
    cover,
    educator,
    imports,
    links,
    meetings,
    moving,
    patterns,
    radiation,
    reasonable_adjustments,
    requests,
    statements,
    student,
    units,
)

urlpatterns: list[URLPattern] = [
    *student.urlpatterns,
    *arriving.urlpatterns,
    *radiation.urlpatterns,
    *cover.urlpatterns,
    *patterns.urlpatterns,
    *educator.urlpatterns,
    *links.urlpatterns,
    *coordinator.urlpatterns,
    *moving.urlpatterns,
    *imports.urlpatterns,
    *requests.urlpatterns,
    *calendar.urlpatterns,
    *units.urlpatterns,
    *statements.urlpatterns,
    *meetings.urlpatterns,
    *concerns.urlpatterns,
    *reasonable_adjustments.urlpatterns,
]
