"""Every address of the placement programme."""

from django.urls import URLPattern

from placements.urls import educator, student

urlpatterns: list[URLPattern] = [*student.urlpatterns, *educator.urlpatterns]
