"""Addresses of what others see."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
