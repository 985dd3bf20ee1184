"""Addresses of one's own record."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
