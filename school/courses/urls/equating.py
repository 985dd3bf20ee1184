"""The addresses of equivalences of courses."""

from django.urls import URLPattern, path

from school.courses.views import equating

urlpatterns: list[URLPattern] = [
    path("equivalences/", equating.equivalences, name="equivalences"),
    path("equivalences/file/<str:format>/", equating.equivalences_file, name="equivalences_file"),
    path("equivalences/<uuid:equivalence>/", equating.end, name="end_equivalence"),
]
