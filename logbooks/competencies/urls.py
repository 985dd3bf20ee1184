"""Addresses of the competency log book."""

from django.urls import URLPattern, URLResolver, path

from logbooks.competencies.views.log import reading, writing

log_urls: list[URLPattern | URLResolver] = [
    path("log-book/examinations/", reading.examinations, name="examinations"),
    path("log-book/examinations/log/", writing.log, name="log_examination"),
    path("log-book/examinations/range/", reading.own_range, name="range"),
    path(
        "log-book/examinations/file/<str:format>/",
        reading.examinations_file,
        name="examinations_file",
    ),
    path("log-book/examinations/<uuid:entry>/", reading.examination, name="examination"),
    path(
        "log-book/examinations/<uuid:entry>/correct/", writing.correct, name="correct_examination"
    ),
    path(
        "log-book/examinations/<uuid:entry>/take-back/",
        writing.take_back,
        name="take_back_examination",
    ),
    path(
        "log-books/<uuid:enrolment>/examinations/", reading.examinations_of, name="examinations_of"
    ),
    path(
        "log-books/<uuid:enrolment>/examinations/file/<str:format>/",
        reading.examinations_of_file,
        name="examinations_of_file",
    ),
    path("log-books/<uuid:enrolment>/examinations/range/", reading.range_of, name="range_of"),
]

urlpatterns: list[URLPattern | URLResolver] = [*log_urls]
