"""Addresses of the quality and the standard of an exam."""

from django.urls import URLPattern, URLResolver, path

from logbooks.osces.examined import views as examined
from logbooks.osces.results import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("quality/", examined.data_quality, name="osce_data_quality"),
    path("ratings/", views.ratings, name="osce_ratings"),
    path("ratings/<int:place>/", views.rating, name="osce_rating"),
    path("standard/", views.standard, name="osce_standard"),
]
