"""Addresses of the day of an exam."""

from django.urls import URLPattern, URLResolver, path

from logbooks.osces.day import floor_views, timetable_views, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("<uuid:exam>/day/", views.day, name="osce_day"),
    path("<uuid:exam>/day/candidates/", views.candidates, name="osce_candidates"),
    path("<uuid:exam>/day/candidates/<uuid:candidate>/", views.candidate, name="osce_candidate"),
    path("<uuid:exam>/day/sessions/new/", views.new_session, name="osce_new_session"),
    path("<uuid:exam>/day/sessions/<int:number>/", views.session, name="osce_session"),
    path("<uuid:exam>/day/conflicts/", views.conflicts, name="osce_conflicts"),
    path("<uuid:exam>/day/announce/", timetable_views.announce, name="osce_announce"),
    path("<uuid:exam>/day/timetable/", timetable_views.timetable, name="osce_timetable"),
    path("<uuid:exam>/day/door/", timetable_views.door, name="osce_door"),
    path("<uuid:exam>/day/again/", timetable_views.again, name="osce_again"),
    path("<uuid:exam>/floor/", floor_views.floor, name="osce_floor"),
    path("<uuid:exam>/clock/", floor_views.clock_page, name="osce_clock"),
]
