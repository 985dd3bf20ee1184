"""People: who and where."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Users, persons, sites, posts and role grants."""

    name = "school.people"
    label = "people"
