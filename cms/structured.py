"""Courses and events as search engines read them: schema.org as JSON-LD."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from school.core import days
from school.courses import catalogue
from school.courses.models import Course, CourseVersion, Event

CONTEXT = "https://schema.org"
# What would end the element in which the data stands, or open another.
ESCAPED = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def element(data: dict[str, Any]) -> SafeString:
    """The data in its element: no script to a browser, so that the content policy lets it stand."""
    text = json.dumps({"@context": CONTEXT, **data}, ensure_ascii=False).translate(ESCAPED)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped above


def course(
    course: Course, version: CourseVersion, events: Iterable[Event], *, address: str, home: str
) -> dict[str, Any]:
    """A course: what it teaches, for how long, by whom, and when it is held next."""
    return {
        "@type": "Course",
        "name": course.title,
        "description": course.summary,
        "url": address,
        "inLanguage": "en-GB",
        "courseCode": course.code,
        "educationalLevel": course.get_level_display(),
        "timeRequired": f"PT{version.credit_minutes}M",
        "teaches": version.outcomes.splitlines(),
        "provider": _school(home),
        "hasCourseInstance": [
            {
                "@type": "CourseInstance",
                "name": event.version.title,
                "courseMode": "Online" if event.format == Event.Format.ONLINE else "Onsite",
                **_when_and_where(event, address),
            }
            for event in events
        ],
    }


def event(event: Event, course: Course, *, address: str, home: str) -> dict[str, Any]:
    """An event: when, where, whether it stands, and how many places are left."""
    online = event.format == Event.Format.ONLINE
    taken, waiting = event.taken, event.waiting  # type: ignore[attr-defined]
    cancelled = event.state == Event.State.CANCELLED
    return {
        "@type": "EducationEvent",
        "name": event.version.title,
        "description": course.summary,
        "url": address,
        "inLanguage": "en-GB",
        "eventStatus": f"{CONTEXT}/{'EventCancelled' if cancelled else 'EventScheduled'}",
        "eventAttendanceMode": f"{CONTEXT}/{'Online' if online else 'Offline'}EventAttendanceMode",
        "maximumAttendeeCapacity": event.capacity,
        "remainingAttendeeCapacity": catalogue.places_left(event.capacity, taken, waiting),
        "organizer": _school(home),
        **_when_and_where(event, address),
    }


def _when_and_where(event: Event, address: str) -> dict[str, Any]:
    if event.format == Event.Format.ONLINE:
        # The room's own address is for people with a place.
        where: dict[str, Any] = {"@type": "VirtualLocation", "url": address}
    else:
        where = {"@type": "Place", "name": catalogue.where(event)}
        if event.site:
            where["address"] = {
                "@type": "PostalAddress",
                "postalCode": event.site.postcode,
                "addressCountry": "GB",
            }
    return {
        "startDate": _instant(event.starts),
        "endDate": _instant(event.ends),
        "location": where,
    }


def _instant(moment: datetime) -> str:
    return days.local(moment).isoformat()


def _school(home: str) -> dict[str, str]:
    return {"@type": "Organization", "name": settings.WAGTAIL_SITE_NAME, "url": home}
