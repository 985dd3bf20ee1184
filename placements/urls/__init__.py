"""Every address of the placement programme."""

from django.urls import URLPattern

from placements.urls import coordinator, educator, imports, links, student

urlpatterns: list[URLPattern] = [
    *student.urlpatterns,
    *educator.urlpatterns,
    *links.urlpatterns,
    *coordinator.urlpatterns,
    *imports.urlpatterns,
]
