"""Addresses of the practice educator's pages."""

from django.urls import URLPattern, path

from placements.views.educator import inbox, shift, with_me

urlpatterns: list[URLPattern] = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/decided/", inbox.decided, name="decided"),
    path("inbox/<uuid:shift>/", shift.decide_shift, name="decide_shift"),
    path("inbox/<uuid:shift>/query/", shift.give_reason, {"act": "query"}, name="query_shift"),
    path("inbox/<uuid:shift>/reject/", shift.give_reason, {"act": "reject"}, name="reject_shift"),
    path("with-me-today/", with_me.with_me_today, name="with_me_today"),
    path("with-me-today/<uuid:placement>/induction/", with_me.induct, name="induct"),
]
