"""The undergraduate placement programme."""

from django.apps import AppConfig


class PlacementsConfig(AppConfig):
    """Programme, places, placements, hours and their confirmation."""

    name = "placements"

    def ready(self) -> None:
        from placements.panels import student
        from school.core.registries import offer_panels

        offer_panels("home", student.panels)
