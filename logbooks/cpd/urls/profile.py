"""Addresses of the regulator's profile."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
