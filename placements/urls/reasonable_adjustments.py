"""The addresses of what a student needs on placement."""

from django.urls import path

from placements.views import reasonable_adjustments

urlpatterns = [
    path("needs/", reasonable_adjustments.needs, name="needs"),
    path("needs/<uuid:need>/", reasonable_adjustments.change_need, name="change_need"),
    path(
        "needs/<uuid:need>/take-back/", reasonable_adjustments.withdraw_need, name="withdraw_need"
    ),
]
