"""Addresses of the practice educator's pages."""

from django.urls import URLPattern, path

from placements.views import educator

urlpatterns: list[URLPattern] = [
    path("inbox/", educator.inbox, name="inbox"),
    path("inbox/decided/", educator.decided, name="decided"),
    path("inbox/<uuid:shift>/", educator.decide_shift, name="decide_shift"),
    path("inbox/<uuid:shift>/query/", educator.give_reason, {"act": "query"}, name="query_shift"),
    path(
        "inbox/<uuid:shift>/reject/", educator.give_reason, {"act": "reject"}, name="reject_shift"
    ),
    path("with-me-today/", educator.with_me_today, name="with_me_today"),
    path("with-me-today/<uuid:placement>/induction/", educator.induct, name="induct"),
]
