"""The addresses of requests for places."""

from django.urls import URLPattern, path

from placements.views import requests

urlpatterns: list[URLPattern] = [
    path("places/sites/<uuid:site>/ask/", requests.ask_for_places, name="ask_for_places"),
    path("places/requests/<uuid:asked>/", requests.place_request, name="place_request"),
    path("places/requests/<uuid:asked>/take-back/", requests.take_back, name="take_back_request"),
]
