"""The addresses of the meetings of a placement."""

from django.urls import path

from placements.views import meetings

urlpatterns = [
    path("placements/<uuid:placement>/meetings/", meetings.meetings, name="meetings"),
    path("placements/<uuid:placement>/meetings/write/", meetings.write, name="write_meeting"),
    path("meetings/<uuid:meeting>/", meetings.meeting, name="meeting"),
    path("meetings/<uuid:meeting>/write/", meetings.change, name="change_meeting"),
]
