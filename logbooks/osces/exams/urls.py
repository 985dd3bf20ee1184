"""Addresses of exams."""

from django.urls import URLPattern, URLResolver, path

from logbooks.osces.exams import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.exams, name="osce_exams"),
    path("new/", views.new, name="osce_new_exam"),
    path("<uuid:exam>/", views.exam, name="osce_exam"),
    path("<uuid:exam>/change/", views.change, name="osce_change_exam"),
    path("<uuid:exam>/submit/", views.submit, name="osce_submit_exam"),
    path("<uuid:exam>/return/", views.give_back, name="osce_return_exam"),
    path("<uuid:exam>/drop/", views.drop, name="osce_drop_exam"),
    path("<uuid:exam>/freeze/", views.freeze, name="osce_freeze_exam"),
]
