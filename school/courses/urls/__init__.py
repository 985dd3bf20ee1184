"""Every address of courses, events and places."""

from django.urls import URLPattern

from school.courses.urls import attaining, booking

urlpatterns: list[URLPattern] = [
    *attaining.urlpatterns,
    *booking.urlpatterns,
]
