"""Addresses for confirming without an account; those under `confirm/` are public by their token."""

from django.urls import URLPattern, path

from placements.views.links import asking, behind

urlpatterns: list[URLPattern] = [
    path("shifts/ask/", asking.ask_by_link, name="ask_by_link"),
    path("enrolments/<uuid:enrolment>/ask/", asking.ask_by_link_for, name="ask_by_link_for"),
    path("confirm/<str:token>/", behind.confirm_by_link, name="confirm_by_link"),
    path("confirm/<str:token>/code/", behind.send_link_code, name="send_link_code"),
    path("confirm/<str:token>/<uuid:shift>/query/", behind.query_by_link, name="query_by_link"),
]
