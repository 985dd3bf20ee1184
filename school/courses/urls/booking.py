"""The addresses of an event, of the places at it, and of what somebody learns."""

from django.urls import URLPattern, path

from school.courses.views import booking, learning, staff

urlpatterns: list[URLPattern] = [
    path("events/<uuid:event>/", booking.event, name="event"),
    path("events/<uuid:event>/book/", booking.book_place, name="book_place"),
    path("events/<uuid:event>/staff/", staff.book_staff, name="book_staff"),
    path("bookings/requests/", staff.booking_requests, name="booking_requests"),
    path("bookings/staff/", staff.staff_bookings, name="staff_bookings"),
    path(
        "bookings/staff/file/<str:format>/", staff.staff_bookings_file, name="staff_bookings_file"
    ),
    path("bookings/<uuid:booking>/", booking.booking, name="booking"),
    path("bookings/<uuid:booking>/take/", booking.take_place, name="take_place"),
    path("bookings/<uuid:booking>/say-no/", booking.say_no, name="say_no"),
    path("bookings/<uuid:booking>/give-up/", booking.give_up, name="give_up_booking"),
    path("bookings/<uuid:booking>/needs/", booking.change_needs, name="change_needs"),
    path("bookings/<uuid:booking>/move/", booking.move, name="move_booking"),
    path("bookings/<uuid:booking>/approve/", staff.approve, name="approve_booking"),
    path("bookings/<uuid:booking>/decline/", staff.decline, name="decline_booking"),
    path("my-learning/", learning.my_learning, name="my_learning"),
    path("my-learning/file/<str:format>/", learning.my_learning_file, name="my_learning_file"),
]
