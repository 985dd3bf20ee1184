"""One command that builds a believable network."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demo network and its one-click sign-in; not in production."""

    name = "school.demo"
