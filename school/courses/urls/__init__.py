"""Every address of courses, events and places."""

from django.urls import URLPattern

from school.courses.urls import booking

urlpatterns: list[URLPattern] = [
    *booking.urlpatterns,
]
