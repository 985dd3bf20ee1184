"""The addresses of mobile units and of a scanner that becomes static."""

from django.urls import URLPattern, path

from placements.views import units

urlpatterns: list[URLPattern] = [
    path("places/sites/<uuid:site>/units/", units.add_unit_stay, name="add_unit_stay"),
    path("places/sites/<uuid:site>/static/", units.make_static, name="make_static"),
    path("places/units/<uuid:stay>/", units.unit_stay, name="unit_stay"),
    path("places/units/<uuid:stay>/remove/", units.remove_unit_stay, name="remove_unit_stay"),
]
