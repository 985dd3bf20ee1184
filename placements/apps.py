"""The undergraduate placement programme."""

from django.apps import AppConfig


class PlacementsConfig(AppConfig):
    """Programme, places, placements, hours and their confirmation."""

    name = "placements"
