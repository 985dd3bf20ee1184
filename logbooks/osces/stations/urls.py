"""Addresses of the bank of stations."""

from django.urls import URLPattern, URLResolver, path

from logbooks.osces.stations import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.stations, name="osce_stations"),
    path("new/", views.new, name="osce_new_station"),
    path("<uuid:station>/", views.station, name="osce_bank_station"),
    path("<uuid:station>/change/", views.change, name="osce_change_station"),
    path("<uuid:station>/next/", views.begin_next, name="osce_next_station"),
    path("<uuid:station>/submit/", views.submit, name="osce_submit_station"),
    path("<uuid:station>/return/", views.give_back, name="osce_return_station"),
    path("<uuid:station>/drop/", views.drop, name="osce_drop_station"),
    path("<uuid:station>/publish/", views.publish, name="osce_publish_station"),
    path("<uuid:station>/versions/<int:number>/", views.version, name="osce_station_version"),
    path("<uuid:station>/versions/<int:number>/sheet/", views.sheet, name="osce_sheet"),
]
