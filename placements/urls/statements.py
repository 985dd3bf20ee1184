"""Addresses of statements of hours; those under `verify/` are public."""

from django.urls import URLPattern, path

from placements.views.statements import issued, verify

urlpatterns: list[URLPattern] = [
    path("students/<uuid:enrolment>/statements/", issued.statements, name="statements"),
    path(
        "students/<uuid:enrolment>/statements/year-<int:year>/",
        issued.issue,
        name="issue_statement",
    ),
    path("statements/<uuid:statement>/file/", issued.file, name="statement_file"),
    path("statements/<uuid:statement>/withdraw/", issued.withdraw, name="withdraw_statement"),
    path("verify/", verify.door, name="verify"),
    path("verify/<str:code>/", verify.verify_statement, name="verify_statement"),
]
