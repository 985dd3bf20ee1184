"""The addresses of students, places, placements and records."""

from django.urls import path

from placements.views import record
from placements.views.coordinator import (
    adjusting,
    making_up,
    placement,
    places,
    placing,
    students,
    term,
)

urlpatterns = [
    path("students/", students.students, name="students"),
    path("students/file/<str:format>/", students.students_file, name="students_file"),
    path("students/<uuid:enrolment>/", record.enrolment_record, name="enrolment_record"),
    path("students/<uuid:enrolment>/shifts/", record.enrolment_shifts, name="enrolment_shifts"),
    path(
        "students/<uuid:enrolment>/shifts/file/<str:format>/",
        record.enrolment_shifts_file,
        name="enrolment_shifts_file",
    ),
    path("students/<uuid:enrolment>/kept-aside/", record.kept_aside, name="kept_aside"),
    path("students/<uuid:enrolment>/place/", placing.place_student, name="place_student"),
    path("students/<uuid:enrolment>/adjust/", adjusting.propose, name="propose_adjustment"),
    path("adjustments/<uuid:proposal>/", adjusting.adjustment, name="adjustment"),
    path("places/term/", term.fill_term, name="fill_term"),
    path("places/sites/<uuid:site>/", places.site_places, name="site_places"),
    path("places/sites/<uuid:site>/offer/", places.add_offer, name="add_offer"),
    path("places/sites/<uuid:site>/audit/", places.add_audit, name="add_audit"),
    path("places/offers/<uuid:offer>/", places.change_places, name="change_places"),
    path("placements/<uuid:placement>/", placement.placement, name="placement"),
    path("placements/<uuid:placement>/rota/", placement.plan_placement_rota, name="plan_rota"),
    path(
        "placements/<uuid:placement>/make-up/<uuid:note>/",
        making_up.arrange,
        name="arrange_make_up",
    ),
    path(
        "placements/<uuid:placement>/rota/<uuid:planned>/cancel/",
        making_up.cancel,
        name="cancel_arranged_make_up",
    ),
    path(
        "placements/<uuid:placement>/induction/",
        placement.record_induction,
        name="record_induction",
    ),
    path(
        "placements/<uuid:placement>/supervision/",
        placement.add_supervision,
        name="add_supervision",
    ),
    path(
        "placements/<uuid:placement>/supervision/<uuid:supervision>/end/",
        placement.end_supervision,
        name="end_supervision",
    ),
    path(
        "placements/<uuid:placement>/confirm/",
        placement.move_placement,
        {"to": "confirmed"},
        name="confirm_placement",
    ),
    path(
        "placements/<uuid:placement>/complete/",
        placement.move_placement,
        {"to": "completed"},
        name="complete_placement",
    ),
]
