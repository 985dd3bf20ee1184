"""The portal's addresses with the demo's one-click sign-in added."""

from django.urls import path

from school.demo import views
from school.urls import urlpatterns as portal

urlpatterns = [
    path("demo/", views.choose, name="demo"),
    path("demo/<slug:key>/", views.sign_in_as, name="demo_sign_in"),
    *portal,
]
