"""Addresses of statements of hours."""

from django.urls import URLPattern, path

from placements.views import statements

urlpatterns: list[URLPattern] = [
    path("students/<uuid:enrolment>/statements/", statements.statements, name="statements"),
    path(
        "students/<uuid:enrolment>/statements/year-<int:year>/",
        statements.issue,
        name="issue_statement",
    ),
    path("statements/<uuid:statement>/file/", statements.file, name="statement_file"),
    path("statements/<uuid:statement>/withdraw/", statements.withdraw, name="withdraw_statement"),
]
