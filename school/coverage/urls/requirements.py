"""The addresses of requirements: as they are asked, and as drafts."""

from django.urls import URLPattern, path

from school.coverage.views import drafting, requirements

urlpatterns: list[URLPattern] = [
    path("coverage/requirements/", requirements.requirements, name="requirements"),
    path("coverage/requirements/<uuid:requirement>/", requirements.requirement, name="requirement"),
    path(
        "coverage/requirements/<uuid:requirement>/next/",
        requirements.next_version,
        name="next_requirement_version",
    ),
    path("coverage/requirements/make/", drafting.make, name="make_requirement"),
    path("coverage/requirements/drafts/<uuid:draft>/", drafting.change, name="requirement_draft"),
    path(
        "coverage/requirements/drafts/<uuid:draft>/discard/",
        drafting.discard,
        name="discard_requirement_draft",
    ),
    path("coverage/requirements/drafts/<uuid:draft>/try/", drafting.trial, name="try_requirement"),
    path(
        "coverage/requirements/drafts/<uuid:draft>/try/<str:format>/",
        drafting.trial_file,
        name="try_requirement_file",
    ),
    path(
        "coverage/requirements/drafts/<uuid:draft>/publish/",
        drafting.publish,
        name="publish_requirement",
    ),
]
