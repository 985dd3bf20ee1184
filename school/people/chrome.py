"""What the header of every page shows: name, hat and the links of that hat."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from school.people.queries import Hat
from school.people.roles import (
    ADMINISTRATOR,
    COORDINATOR,
    EXTERNAL_EXAMINER,
    PRACTICE_EDUCATOR,
    PROGRAMME_LEAD,
    RADIATION_PROTECTION_SUPERVISOR,
    REPORT_VIEWER,
    SCHOOL_EDUCATOR,
    SITE_LEAD,
    STUDENT,
    UNIVERSITY_TUTOR,
    WORKFORCE_MANAGER,
)

HOME = (("home", "Home"),)
EDUCATOR_LINKS = (
    *HOME,
    ("inbox", "Inbox"),
    ("with_me_today", "With me today"),
    ("sign_offs", "Sign-offs"),
)
WATCHER_LINKS = (("students", "Students"), ("calendar", "Calendar"))
FOLLOWER_LINKS = (("tutor", "My students"), ("calendar", "Calendar"))
LINKS: dict[str, tuple[tuple[str, str], ...]] = {
    STUDENT.key: (*HOME, ("shifts", "Shifts"), ("log_book", "Log book")),
    PRACTICE_EDUCATOR.key: EDUCATOR_LINKS,
    SITE_LEAD.key: (*EDUCATOR_LINKS, *WATCHER_LINKS, ("coverage", "Training")),
    RADIATION_PROTECTION_SUPERVISOR.key: (
        *HOME,
        ("in_confidence", "In confidence"),
        ("dose_readings", "Dose readings"),
    ),
    COORDINATOR.key: (
        *HOME,
        ("students", "Overview"),
        ("calendar", "Calendar"),
        ("imports", "Imports"),
    ),
    UNIVERSITY_TUTOR.key: (*HOME, *FOLLOWER_LINKS),
    PROGRAMME_LEAD.key: (*HOME, *FOLLOWER_LINKS, ("students", "Overview")),
    SCHOOL_EDUCATOR.key: (
        *HOME,
        ("taught_courses", "Teaching"),
        ("learners", "Learners"),
        ("wagtailadmin_home", "Pages"),
    ),
    EXTERNAL_EXAMINER.key: (*HOME, ("osce_exams", "OSCE exams")),
    WORKFORCE_MANAGER.key: (
        *HOME,
        ("coverage", "Coverage"),
        ("learners", "Learners"),
        ("staff_bookings", "Staff bookings"),
        ("imports", "Imports"),
    ),
    REPORT_VIEWER.key: (*HOME, ("coverage", "Coverage")),
    ADMINISTRATOR.key: (
        *HOME,
        ("people", "People"),
        ("imports", "Imports"),
        ("system", "System"),
        ("wagtailadmin_home", "Pages"),
    ),
}
# Pages that everybody may read, by their addresses: they are made by the editor's app, above this one.
CATALOGUE = ("/courses/", "Courses and events")
PUBLIC = (CATALOGUE, ("/sites/", "Sites"), ("/search/", "Search"))


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Context processor; empty for pages that answer before anybody is known."""
    viewer = getattr(request, "viewer", None)
    if viewer is None:
        return {}
    if viewer.person is None:
        return {"chrome": {"nav": [_at(request, url, label) for url, label in PUBLIC]}}
    worn: Hat | None = viewer.hat
    links = LINKS.get(worn.role.key, HOME) if worn else HOME
    nav = [_item(request, name, label) for name, label in links]
    nav += [_at(request, *CATALOGUE), _item(request, "my_learning", "My learning")]
    return {
        "chrome": {
            "person_name": viewer.person.name,
            "hat": worn.label if worn else "No role yet",
            "hats": [
                {
                    "label": hat.label,
                    "url": reverse("wear_hat", args=[hat.role.key, hat.scope.uuid]),
                }
                for hat in viewer.hats
                if hat != worn
            ],
            "nav": nav,
            "home_url": nav[0]["url"],
            "account_url": reverse("mfa_index"),
        }
    }


def _item(request: HttpRequest, name: str, label: str) -> dict[str, Any]:
    return _at(request, reverse(name), label)


def _at(request: HttpRequest, url: str, label: str) -> dict[str, Any]:
    return {"label": label, "url": url, "current": request.path == url}
