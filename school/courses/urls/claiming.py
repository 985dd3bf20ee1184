"""The addresses of claims of what was learned elsewhere."""

from django.urls import URLPattern, path

from school.courses.views import claiming

urlpatterns: list[URLPattern] = [
    path("claims/", claiming.claims, name="claims"),
    path("claims/file/<str:format>/", claiming.claims_file, name="claims_file"),
    path("claims/new/", claiming.new_claim, name="new_claim"),
    path("claims/<uuid:claim>/", claiming.claim, name="claim"),
    path("claims/<uuid:claim>/evidence/", claiming.claim_evidence, name="claim_evidence"),
    path("claims/<uuid:claim>/accept/", claiming.accept, name="accept_claim"),
    path("claims/<uuid:claim>/decline/", claiming.decline, name="decline_claim"),
]
