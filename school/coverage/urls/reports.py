"""The addresses of reports of training coverage, and of what has changed since."""

from django.urls import URLPattern, path

from school.coverage.views import changes, published, reports

PUBLISHED = "coverage/reports/published/<uuid:publication>/"
REPORT = "coverage/reports/<uuid:report>/"

urlpatterns: list[URLPattern] = [
    path("coverage/changes/", changes.coverage_changes, name="coverage_changes"),
    path(
        "coverage/changes/file/<str:format>/",
        changes.coverage_changes_file,
        name="coverage_changes_file",
    ),
    path("coverage/reports/", reports.reports, name="reports"),
    path("coverage/reports/new/", reports.draft, name="new_report"),
    path(REPORT, reports.report, name="report"),
    path(f"{REPORT}edit/", reports.draft, name="edit_report"),
    path(f"{REPORT}check/", reports.review, name="review_report"),
    path(f"{REPORT}publish/", reports.publish, name="publish_report"),
    path(f"{REPORT}monthly/", reports.monthly, name="monthly_report"),
    path(PUBLISHED, published.publication, name="publication"),
    path(f"{PUBLISHED}people/", published.people, name="publication_people"),
    path(f"{PUBLISHED}later/", published.came_later, name="publication_later"),
    path(f"{PUBLISHED}file/<str:format>/", published.file, name="publication_file"),
    path(f"{PUBLISHED}send/", published.send, name="send_publication"),
    path(f"{PUBLISHED}withdraw/", published.withdraw, name="withdraw_publication"),
]
