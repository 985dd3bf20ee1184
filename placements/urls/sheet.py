"""Addresses of paper log sheets."""

from django.urls import URLPattern, path

from placements.views import sheet

urlpatterns: list[URLPattern] = [
    path("shifts/sheet/", sheet.own_sheet, name="own_log_sheet"),
    path("placements/<uuid:placement>/sheet/", sheet.log_sheet, name="log_sheet"),
    path("students/<uuid:enrolment>/paper/", sheet.enter_paper, name="enter_paper"),
]
