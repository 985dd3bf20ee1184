"""The addresses of exemptions."""

from django.urls import URLPattern, path

from school.coverage.views import exemptions

urlpatterns: list[URLPattern] = [
    path("coverage/exemptions/<uuid:person>/", exemptions.exemptions, name="exemptions"),
    path(
        "coverage/exemptions/<uuid:person>/<uuid:exemption>/",
        exemptions.change,
        name="change_exemption",
    ),
]
