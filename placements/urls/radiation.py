"""Addresses in confidence: a student's own, and those of a site's radiation protection supervisor."""

from django.urls import URLPattern, path

from placements.views.radiation import own, supervisor

urlpatterns: list[URLPattern] = [
    path("declaration/", own.declaration, name="declaration"),
    path("declaration/take-back/", own.take_declaration_back, name="take_declaration_back"),
    path("my-dose/", own.my_dose, name="my_dose"),
    path("in-confidence/", supervisor.in_confidence, name="in_confidence"),
    path("dose-readings/", supervisor.dose_readings, name="dose_readings"),
    path("dose-readings/<uuid:enrolment>/", supervisor.student_dose, name="student_dose"),
    path(
        "dose-readings/<uuid:enrolment>/<uuid:reading>/",
        supervisor.correct_dose,
        name="correct_dose",
    ),
]
