"""The addresses of what is learned online, and at which School educators look after modules."""

from django.urls import URLPattern, path

from school.courses.views import modules
from school.courses.views.teaching import modules as teaching

urlpatterns: list[URLPattern] = [
    path("modules/<uuid:module>/parts/<uuid:part>/done/", modules.finish_part, name="finish_part"),
    path("modules/<uuid:module>/quiz/", modules.quiz, name="quiz"),
    path("modules/<uuid:module>/attempts/<uuid:attempt>/", modules.quiz_result, name="quiz_result"),
    path("teaching/versions/<uuid:version>/module/", teaching.make, name="make_module"),
    path("teaching/modules/<uuid:module>/", teaching.module, name="taught_module"),
    path("teaching/modules/<uuid:module>/change/", teaching.change, name="change_module"),
    path("teaching/modules/<uuid:module>/question/", teaching.add, name="add_question"),
    path("teaching/questions/<uuid:question>/", teaching.question, name="change_question"),
    path("teaching/questions/<uuid:question>/retire/", teaching.retire, name="retire_question"),
    path("teaching/modules/<uuid:module>/figures/", teaching.figures, name="module_figures"),
    path(
        "teaching/modules/<uuid:module>/figures/<str:format>/",
        teaching.figures_file,
        name="module_figures_file",
    ),
]
