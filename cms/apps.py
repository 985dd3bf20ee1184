"""Wagtail pages of the School."""

from django.apps import AppConfig


class CmsConfig(AppConfig):
    """Home and site pages; later courses, events, articles and resources."""

    name = "cms"
