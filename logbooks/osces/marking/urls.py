"""Addresses of marking: an examiner's stations and where tablets send marks, and all sheets for those who run the exam."""

from django.urls import URLPattern, URLResolver, path

from logbooks.osces.marking import sheets_views, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.mine, name="osce_marking"),
    path("<uuid:exam>/<int:place>/", views.sheet, name="osce_marking_station"),
    path("<uuid:exam>/<int:place>/marks/", views.marks, name="osce_marking_marks"),
    path("<uuid:exam>/sheets/", sheets_views.every, name="osce_sheets"),
    path("<uuid:exam>/sheets/<uuid:sheet>/", sheets_views.closed, name="osce_closed_sheet"),
    path("<uuid:exam>/sheets/<uuid:sheet>/answer/", sheets_views.answer, name="osce_amend_sheet"),
    path("<uuid:exam>/paper/<int:number>/<int:place>/", sheets_views.paper, name="osce_paper"),
]
