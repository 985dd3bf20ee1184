"""The addresses of attainments and certificates; those under `certificates/` and `badges/` are public."""

from django.urls import URLPattern, path

from school.courses.views import attaining, checking
from school.people.views import documents

urlpatterns: list[URLPattern] = [
    path("learners/", attaining.learners, name="learners"),
    path("learners/<uuid:person>/", attaining.attainments, name="attainments"),
    path(
        "learners/<uuid:person>/file/<str:format>/",
        attaining.attainments_file,
        name="attainments_file",
    ),
    path("attainments/<uuid:attainment>/", attaining.attainment, name="attainment"),
    path(
        "attainments/<uuid:attainment>/certificate/",
        attaining.certificate_file,
        name="certificate_file",
    ),
    path("attainments/<uuid:attainment>/badge/", attaining.badge_file, name="badge_file"),
    path("attainments/<uuid:attainment>/revoke/", attaining.revoke, name="revoke_certificate"),
    path("attainments/<uuid:attainment>/void/", attaining.void, name="void_attainment"),
    path("certificates/", documents.check, name="certificates"),
    path("certificates/<str:code>/", documents.check_document, name="check_certificate"),
    path("badges/did.json", checking.keys, name="badge_keys"),
    path("badges/status/<int:number>/", checking.badge_status, name="badge_status"),
]
