"""The addresses of an event, of the places at it, and of what somebody learns."""

from django.urls import URLPattern, path

from school.courses.views import booking

urlpatterns: list[URLPattern] = [
    path("events/<uuid:event>/", booking.event, name="event"),
    path("bookings/requests/", booking.booking_requests, name="booking_requests"),
    path("bookings/<uuid:booking>/", booking.booking, name="booking"),
    path("my-learning/", booking.my_learning, name="my_learning"),
]
