"""The addresses of equivalences of courses."""

from django.urls import URLPattern, path

from school.courses.views import equating

urlpatterns: list[URLPattern] = [
    path("equivalences/", equating.equivalences, name="equivalences"),
    path("equivalences/<uuid:equivalence>/", equating.end, name="end_equivalence"),
]
