"""Wagtail pages of the School."""

from typing import Any

from django.apps import AppConfig


class CmsConfig(AppConfig):
    """Home and site pages; later courses, events, articles and resources."""

    name = "cms"

    def ready(self) -> None:
        """Say where the public page of a site is."""
        from school.core import registries
        from school.people.models import Site

        registries.offer_link(Site, address_of_site)


def address_of_site(site: Any) -> str | None:
    """The address of a site's page while it is public; a list asks once when it has selected `page`."""
    page = getattr(site, "page", None)
    return page.get_url() if page and page.live else None
