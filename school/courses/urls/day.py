"""The addresses of the day itself: being there, the register, and what people thought of it."""

from django.urls import URLPattern, path

from school.courses.views import attending, correcting, evaluating, register

urlpatterns: list[URLPattern] = [
    path("attend/<uuid:session>/", attending.attend, name="attend"),
    path("attend/<uuid:session>/<slug:code>/", attending.scanned, name="attend_scanned"),
    path("bookings/<uuid:booking>/code/", attending.booking_code, name="booking_code"),
    path(
        "bookings/<uuid:booking>/attendance/",
        correcting.booking_attendance,
        name="booking_attendance",
    ),
    path(
        "bookings/<uuid:booking>/attendance/correct/",
        correcting.correct_attendance,
        name="correct_attendance",
    ),
    path(
        "bookings/<uuid:booking>/attendance/excuse/",
        correcting.excuse_booking,
        name="excuse_booking",
    ),
    path("bookings/<uuid:booking>/evaluation/", evaluating.evaluate_event, name="evaluate_event"),
    path("sessions/<uuid:session>/room/", register.room_code, name="room_code"),
    path("events/<uuid:event>/register/", register.event_register, name="register"),
    path("events/<uuid:event>/register/close/", register.close_register, name="close_register"),
    path(
        "events/<uuid:event>/register/<str:format>/", register.register_file, name="register_file"
    ),
    path(
        "events/<uuid:event>/evaluations/", evaluating.event_evaluations, name="event_evaluations"
    ),
]
