"""The portal's addresses with the demo's one-click sign-in added."""

from school.urls import urlpatterns as portal

urlpatterns = [*portal]
