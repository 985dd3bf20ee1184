"""Addresses of examiners: their stations, a mark sheet, and where tablets send marks."""

from django.urls import URLPattern, URLResolver, path

from logbooks.osces.marking import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.mine, name="osce_marking"),
    path("<uuid:exam>/<int:place>/", views.sheet, name="osce_marking_station"),
    path("<uuid:exam>/<int:place>/marks/", views.marks, name="osce_marking_marks"),
]
