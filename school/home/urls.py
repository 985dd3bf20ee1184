"""The address of everybody's first page."""

from django.urls import path

from school.home.views import home, later

urlpatterns = [
    path("home/", home, name="home"),
    path("home/later/", later, {"page": "home_later"}, name="home_later"),
    path("home/learning/", later, {"page": "home_learning"}, name="home_learning"),
]
