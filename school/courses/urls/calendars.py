"""The addresses of calendar feeds, and of the page that gives somebody theirs."""

from django.urls import URLPattern, path

from school.courses.views import calendars

urlpatterns: list[URLPattern] = [
    path("my-learning/calendar/", calendars.my_calendar, name="my_calendar"),
    path("my-learning/calendar/make/", calendars.make_my_calendar, name="make_my_calendar"),
    path("my-learning/calendar/renew/", calendars.renew_my_calendar, name="renew_my_calendar"),
    path("calendars/courses.ics", calendars.courses_feed, name="courses_feed"),
    path("calendars/<str:token>.ics", calendars.person_feed, name="person_feed"),
]
