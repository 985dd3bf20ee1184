"""Every address of training coverage."""

from django.urls import URLPattern, URLResolver

from school.coverage.urls import (
    exemptions,
    figures,
    irmer,
    reports,
    requirements,
    tokens,
    workforce,
)

urlpatterns: list[URLPattern | URLResolver] = [
    *exemptions.urlpatterns,
    *figures.urlpatterns,
    *reports.urlpatterns,
    *requirements.urlpatterns,
    *workforce.urlpatterns,
    *irmer.urlpatterns,
    *tokens.urlpatterns,
]
