"""Addresses for confirming without an account; those under `confirm/` are public by their token."""

from django.urls import URLPattern, path

from placements.views import links

urlpatterns: list[URLPattern] = [
    path("shifts/ask/", links.ask_by_link, name="ask_by_link"),
    path("enrolments/<uuid:enrolment>/ask/", links.ask_by_link_for, name="ask_by_link_for"),
    path("confirm/<str:token>/", links.confirm_by_link, name="confirm_by_link"),
    path("confirm/<str:token>/code/", links.send_link_code, name="send_link_code"),
    path("confirm/<str:token>/<uuid:shift>/query/", links.query_by_link, name="query_by_link"),
]
