"""The addresses of figures, and of the people behind them."""

from django.urls import path

from school.coverage.views import listed, overview, passport

urlpatterns = [
    path("coverage/", overview.coverage, name="coverage"),
    path("coverage/file/<str:format>/", overview.coverage_file, name="coverage_file"),
    path("coverage/trend/", overview.coverage_trend, name="coverage_trend"),
    path("coverage/people/", listed.coverage_people, name="coverage_people"),
    path(
        "coverage/people/file/<str:format>/",
        listed.coverage_people_file,
        name="coverage_people_file",
    ),
    path("coverage/lapses/", listed.coverage_lapses, name="coverage_lapses"),
    path(
        "coverage/lapses/file/<str:format>/",
        listed.coverage_lapses_file,
        name="coverage_lapses_file",
    ),
    path("coverage/passport/", passport.own_passport, name="own_passport"),
    path("coverage/passport/<uuid:person>/", passport.passport, name="passport"),
]
