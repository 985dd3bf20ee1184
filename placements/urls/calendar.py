"""The addresses of the calendar."""

from django.urls import URLPattern, path

from placements.views import calendar

urlpatterns: list[URLPattern] = [
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/file/<str:format>/", calendar.calendar_file, name="calendar_file"),
]
