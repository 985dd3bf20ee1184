"""The addresses of changes of a placement."""

from django.urls import path

from placements.views import moving

urlpatterns = [
    path("placements/<uuid:placement>/move/", moving.move_to_site, name="move_to_site"),
    path("placements/<uuid:placement>/swap/", moving.swap_placements, name="swap_placements"),
    path("placements/<uuid:placement>/dates/", moving.change_dates, name="change_dates"),
    path(
        "placements/<uuid:placement>/withdraw/",
        moving.withdraw_placement,
        name="withdraw_placement",
    ),
]
