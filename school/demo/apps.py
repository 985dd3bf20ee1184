"""One command that builds a believable network."""

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

LOOPBACK = {"127.0.0.1", "localhost", "[::1]", "testserver"}


class DemoConfig(AppConfig):
    """The demo network and its one-click sign-in; never where another host could be served."""

    name = "school.demo"

    def ready(self) -> None:
        others = sorted(set(settings.ALLOWED_HOSTS) - LOOPBACK)
        if others:
            raise ImproperlyConfigured(
                f"The demo answers on this machine only, but ALLOWED_HOSTS names {', '.join(others)}. "
                "Use school.settings.production to serve another host."
            )
