"""The addresses at which School educators look after courses and events."""

from django.urls import URLPattern, path

from school.courses.views.teaching import courses, events

urlpatterns: list[URLPattern] = [
    path("teaching/courses/", courses.courses, name="taught_courses"),
    path("teaching/courses/file/<str:format>/", courses.courses_file, name="taught_courses_file"),
    path("teaching/courses/make/", courses.make, name="make_course"),
    path("teaching/courses/<uuid:course>/", courses.course, name="taught_course"),
    path(
        "teaching/courses/<uuid:course>/learners/<str:format>/",
        courses.learners_file,
        name="course_learners_file",
    ),
    path("teaching/courses/<uuid:course>/change/", courses.change, name="change_course"),
    path("teaching/courses/<uuid:course>/version/", courses.publish, name="publish_version"),
    path("teaching/courses/<uuid:course>/event/", events.make, name="make_event"),
    path("teaching/events/", events.events, name="taught_events"),
    path("teaching/events/file/<str:format>/", events.events_file, name="taught_events_file"),
    path("teaching/events/<uuid:event>/", events.event, name="taught_event"),
    path(
        "teaching/events/<uuid:event>/file/<str:format>/",
        events.event_file,
        name="taught_event_file",
    ),
    path("teaching/events/<uuid:event>/needs/", events.needs, name="event_needs"),
    path("teaching/events/<uuid:event>/change/", events.change, name="change_event"),
    path("teaching/events/<uuid:event>/open/", events.open_, name="open_event"),
    path("teaching/events/<uuid:event>/cancel/", events.cancel, name="cancel_event"),
]
