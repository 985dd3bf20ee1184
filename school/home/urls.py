"""The address of everybody's first page."""

from django.urls import path

from school.home.views import home

urlpatterns = [path("home/", home, name="home")]
