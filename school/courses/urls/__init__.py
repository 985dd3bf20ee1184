"""Every address of courses, events and places."""

from django.urls import URLPattern

from school.courses.urls import (
    attaining,
    booking,
    calendars,
    claiming,
    day,
    equating,
    modules,
    sources,
    teaching,
)

urlpatterns: list[URLPattern] = [
    *attaining.urlpatterns,
    *claiming.urlpatterns,
    *equating.urlpatterns,
    *sources.urlpatterns,
    *booking.urlpatterns,
    *teaching.urlpatterns,
    *day.urlpatterns,
    *calendars.urlpatterns,
    *modules.urlpatterns,
]
