"""Addresses of one's own record."""

from django.urls import URLPattern, path

from logbooks.cpd.views import activities, checks, evidence, noticed

urlpatterns: list[URLPattern] = [
    path("", activities.listed, name="cpd"),
    path("file/<str:format>/", activities.listed_file, name="cpd_file"),
    path("add/", activities.add, name="cpd_add"),
    path("checks/", checks.shown, name="cpd_checks"),
    path("gap/", checks.gap, name="cpd_gap"),
    path("registration/", checks.registration, name="cpd_registration"),
    path("drafts/", noticed.listed, name="cpd_noticed"),
    path("drafts/keep/", noticed.write, name="cpd_keep"),
    path("drafts/dismiss/", noticed.dismiss, name="cpd_dismiss"),
    path("drafts/offer-again/", noticed.offer_again, name="cpd_offer_again"),
    path("evidence/<uuid:file>/", evidence.open_file, name="cpd_evidence"),
    path("evidence/<uuid:file>/take-away/", evidence.remove, name="cpd_remove_evidence"),
    path("<uuid:activity>/", activities.shown, name="cpd_activity"),
    path("<uuid:activity>/change/", activities.change, name="cpd_change"),
    path("<uuid:activity>/take-back/", activities.take_back, name="cpd_take_back"),
    path("<uuid:activity>/bring-back/", activities.bring_back, name="cpd_bring_back"),
    path("<uuid:activity>/evidence/", evidence.add, name="cpd_add_evidence"),
]
