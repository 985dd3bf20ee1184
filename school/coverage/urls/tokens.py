"""The page of tokens, and what other systems read with them."""

from django.urls import URLPattern, URLResolver, path

from school.coverage.views.api import addresses
from school.coverage.views.tokens import coverage_tokens

urlpatterns: list[URLPattern | URLResolver] = [
    path("coverage/tokens/", coverage_tokens, name="coverage_tokens"),
    path("api/", addresses()),
]
