"""The addresses of reports about the workforce itself."""

from django.urls import URLPattern, path

from school.coverage.views import placement_hours, workforce

urlpatterns: list[URLPattern] = [
    path("coverage/workforce/", workforce.people, name="workforce"),
    path(
        "coverage/workforce/<str:table>/file/<str:format>/",
        workforce.people_file,
        name="workforce_file",
    ),
    path("coverage/attended/", workforce.came, name="attended"),
    path("coverage/attended/file/<str:format>/", workforce.came_file, name="attended_file"),
    path("coverage/hours/", placement_hours.hours, name="placement_hours"),
    path(
        "coverage/hours/<str:table>/file/<str:format>/",
        placement_hours.hours_file,
        name="placement_hours_file",
    ),
]
