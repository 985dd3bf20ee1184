"""Each person's first page."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """The page behind /home/, made of panels that the apps offer."""

    name = "school.home"
