"""Addresses of results: a student's own, those of an exam, and appeals."""

from django.urls import URLPattern, URLResolver, path

from logbooks.osces.release import staff_views, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("results/", views.results, name="osce_own_results"),
    path("results/<uuid:candidate>/", views.result, name="osce_result"),
    path("results/<uuid:candidate>/appeal/", views.appeal, name="osce_appeal"),
    path("exams/<uuid:exam>/results/", staff_views.results, name="osce_results"),
    path("exams/<uuid:exam>/results/release/", staff_views.release, name="osce_release"),
    path("exams/<uuid:exam>/results/<int:number>/", staff_views.trail, name="osce_trail"),
    path("appeals/", staff_views.appeals, name="osce_appeals"),
    path("appeals/<uuid:appeal>/", staff_views.answer, name="osce_answer_appeal"),
]
