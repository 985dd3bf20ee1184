"""The addresses of those who follow students, and of what a university, a board and a trust are sent."""

from django.urls import URLPattern, path

from placements.views.tutor import interrupting, marks, students, tariff, whole

urlpatterns: list[URLPattern] = [
    path("tutor/", students.tutor, name="tutor"),
    path("tutor/file/<str:format>/", students.tutor_file, name="tutor_file"),
    path("tutor/marks/", marks.marks, name="marks"),
    path("tutor/marks/file/<str:format>/", marks.marks_file, name="marks_file"),
    path("tariff/", tariff.weeks, name="tariff"),
    path("tariff/<str:what>/file/<str:format>/", tariff.weeks_file, name="tariff_file"),
    path("students/<uuid:enrolment>/whole/", whole.whole, name="whole_record"),
    path("students/<uuid:enrolment>/interrupt/", interrupting.interrupt, name="interrupt_studies"),
    path(
        "students/<uuid:enrolment>/interruptions/<uuid:interruption>/",
        interrupting.resume,
        name="resume_studies",
    ),
    path(
        "students/<uuid:enrolment>/interruptions/<uuid:interruption>/cancel/",
        interrupting.cancel,
        name="cancel_interruption",
    ),
]
