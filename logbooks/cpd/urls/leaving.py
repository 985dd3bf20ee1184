"""Addresses of taking a record away and bringing one."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
