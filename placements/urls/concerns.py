"""The addresses of causes for concern."""

from django.urls import path

from placements.views import concerns

urlpatterns = [
    path("placements/<uuid:placement>/concern/", concerns.raise_concern, name="raise_concern"),
    path("concerns/", concerns.concerns, name="concerns"),
    path("concerns/<uuid:concern>/", concerns.concern, name="concern"),
    path("concerns/<uuid:concern>/step/", concerns.take_step, name="add_concern_step"),
    path("concerns/<uuid:concern>/reader/", concerns.name_reader, name="add_concern_reader"),
]
