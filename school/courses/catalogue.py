"""The catalogue: what somebody looks for, the courses that fit with their next events, and the places left.

A page of the catalogue takes the same number of queries however much it shows.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any, Self
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from school.core import clock, days
from school.courses.models import Booking, Course, CourseVersion, Event, Label, Module
from school.people.models import Site

PAGE = 20
# How many of a course's events its line in the catalogue names.
SHOWN = 3
# What is read of an event to say where, when and whether there are places.
SAID = (
    *("uuid", "starts", "ends", "opens", "closes", "format", "venue", "region", "capacity"),
    *("taken", "waiting", "version", "site__name"),
)
# More words than these narrow nothing down, and each costs a look at every course.
MOST_WORDS = 8
MOST_LETTERS = 100

ONLINE_MODULE = "module"
FORMATS = {
    Event.Format.IN_PERSON.value: "In person",
    Event.Format.ONLINE.value: "Online, together at a set time",
    ONLINE_MODULE: "Online module, whenever it suits",
}
SORTS = {"title": "By title", "soonest": "Soonest first"}


@dataclass(frozen=True, slots=True)
class Filter:
    """What the catalogue is narrowed to. Labels are named by their slugs; what is empty narrows nothing.

    Its fields are the names in the page's address, `from_` and `until` sent as 2026-11-03.
    """

    words: str = ""
    audience: str = ""
    role: str = ""
    topic: str = ""
    region: str = ""
    format: str = ""
    from_: date | None = None
    until: date | None = None
    places: bool = False
    sort: str = "title"

    @classmethod
    def of(cls, query: Mapping[str, Any]) -> Self:
        """The filter that an address asks for (request.GET); what cannot be read is left out."""

        def said(name: str) -> str:
            return str(query.get(name) or "").replace("\0", "").strip()[:MOST_LETTERS]

        return cls(
            words=" ".join(said("words").split()[:MOST_WORDS]),
            audience=said("audience"),
            role=said("role"),
            topic=said("topic"),
            region=said("region"),
            format=said("format") if said("format") in FORMATS else "",
            from_=days.from_address(said("from")),
            until=days.from_address(said("until")),
            places=bool(said("places")),
            sort=said("sort") if said("sort") in SORTS else "title",
        )

    def query_string(self) -> str:
        """The filter as an address holds it, without a question mark; empty when nothing is narrowed."""
        said = {
            one.name.rstrip("_"): getattr(self, one.name)
            for one in fields(self)
            if getattr(self, one.name) and getattr(self, one.name) != one.default
        }
        return urlencode({name: "on" if value is True else value for name, value in said.items()})

    @property
    def narrows_events(self) -> bool:
        """Whether only courses with an event that fits are looked for."""
        held = self.format in (Event.Format.IN_PERSON, Event.Format.ONLINE)
        return bool(held or self.region or self.from_ or self.until or self.places)

    def is_empty(self) -> bool:
        """Whether everything is shown."""
        return replace(self, sort="title") == Filter()


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen: pairs of what an address holds and what a reader reads."""

    audience: list[tuple[str, str]]
    role: list[tuple[str, str]]
    topic: list[tuple[str, str]]
    region: list[tuple[str, str]]

    def said(self, wanted: Filter) -> str:
        """The filter in words, for the page and for a calendar's name; empty when nothing is narrowed."""
        parts = [f"“{wanted.words}”"] if wanted.words else []
        for name in ("audience", "role", "topic", "region"):
            chosen = getattr(wanted, name)
            if chosen:
                parts.append(dict(getattr(self, name)).get(chosen, chosen))
        if wanted.format:
            parts.append(FORMATS[wanted.format])
        if wanted.from_:
            parts.append(f"from {days.long_date(wanted.from_)}")
        if wanted.until:
            parts.append(f"until {days.long_date(wanted.until)}")
        if wanted.places:
            parts.append("with places left")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class EventFound:
    """An event that is coming, as the catalogue says it."""

    uuid: Any
    course: Any
    title: str
    starts: datetime
    ends: datetime
    opens: datetime
    closes: datetime
    format: str
    where: str
    region: str
    # Places that somebody could still take: none while others wait for one.
    left: int
    waiting: int

    @property
    def words(self) -> str:
        """The places in words, as they are now."""
        now = clock.now()
        if now >= self.closes:
            return "Booking has closed"
        if now < self.opens:
            return f"Booking opens on {days.long_date(days.london_day(self.opens))}"
        return left_in_words(self.left, self.waiting)


@dataclass(frozen=True, slots=True)
class CourseFound:
    """A course as the catalogue shows it: its version in force, its labels and its next events."""

    course: Course
    version: CourseVersion
    labels: list[Label]
    # Whether it is learned online, whenever it suits.
    module: bool
    # The first few events that fit what is looked for, soonest first, and how many there are beyond.
    events: list[EventFound] = field(default_factory=list)
    more: int = 0


def choices() -> Choices:
    """What the catalogue can be narrowed to; two queries."""
    labels: dict[str, list[tuple[str, str]]] = {kind: [] for kind in Label.Kind.values}
    for label in Label.objects.filter(Exists(Course.objects.filter(labels=OuterRef("pk")))):
        labels[label.kind].append((label.slug, label.name))
    regions = Site.objects.order_by("network_region").values_list("network_region", flat=True)
    return Choices(**labels, region=[(name, name) for name in regions.distinct()])


def courses_found(wanted: Filter, today: date, page: str | int | None = 1) -> "Page[CourseFound]":
    """A page of the courses that fit, taught on a day and not retired by it; at most five queries.

    With a region, a format, dates or places asked for, only courses with an event that fits.
    """
    rows = courses(wanted, today)
    found: Page[Any] = Paginator(rows, PAGE).get_page(page)
    found.object_list = described(list(found.object_list), wanted, today)
    return found


def course_found(course: Course, today: date) -> CourseFound | None:
    """One course as the catalogue shows it, all its coming events named; None before its first version."""
    row = _taught(Course.objects.filter(pk=course.pk), today).first()
    return described([row], Filter(), today, shown=None)[0] if row else None


def courses(wanted: Filter, today: date) -> QuerySet[Course]:
    """The courses that fit and are taught on a day."""
    rows = _taught(Course.objects.all(), today).filter(Q(retired_on=None) | Q(retired_on__gt=today))
    for kind in Label.Kind.values:
        slug = getattr(wanted, kind)
        if slug:
            rows = rows.filter(Exists(_labelled(Q(kind=kind, slug=slug))))
    for word in wanted.words.split():
        rows = rows.filter(
            Q(title__icontains=word)
            | Q(summary__icontains=word)
            | Q(code__icontains=word)
            | Exists(_labelled(Q(name__icontains=word)))
        )
    if wanted.format == ONLINE_MODULE:
        versions = CourseVersion.objects.filter(course=OuterRef("pk"), published_on__lte=today)
        newest = versions.order_by("-published_on", "-number").values("pk")[:1]
        rows = rows.annotate(newest=Subquery(newest))
        return rows.filter(Exists(Module.objects.filter(version=OuterRef("newest"))))
    # Asked once, and not again for every course.
    fitting = events(wanted).order_by()
    if wanted.narrows_events:
        rows = rows.filter(pk__in=fitting.values("version__course"))
    if wanted.sort == "soonest":
        fits = Q(versions__events__in=fitting.values("pk"))
        rows = rows.annotate(first=Min("versions__events__starts", filter=fits))
        return rows.order_by(F("first").asc(nulls_last=True), "title", "pk")
    return rows.order_by("title", "pk")


def events(wanted: Filter, since: datetime | None = None) -> QuerySet[Event]:
    """The open events that fit, whichever course they are of; those to come, or those that end after `since`."""
    rows = Event.objects.filter(state=Event.State.OPEN)
    rows = rows.filter(starts__gt=clock.now()) if since is None else rows.filter(ends__gt=since)
    if wanted.region:
        rows = rows.filter(region=wanted.region)
    if wanted.format in Event.Format.values:
        rows = rows.filter(format=wanted.format)
    if wanted.from_:
        rows = rows.filter(starts__gte=days.start_of_day(wanted.from_))
    if wanted.until:
        rows = rows.filter(starts__lt=days.end_of_day(wanted.until))
    if wanted.places:
        free = Q(capacity__gt=F("taken")) & Q(("waiting", 0))
        rows = with_places(rows).filter(free, closes__gt=clock.now())
    return rows.order_by("starts", "pk")


def with_places(rows: QuerySet[Event]) -> QuerySet[Event]:
    """Events with `taken` (booked or held) and `waiting`."""
    return rows.annotate(taken=_count(Booking.TAKES_PLACE), waiting=_count([Booking.State.WAITING]))


def with_requests(rows: QuerySet[Event]) -> QuerySet[Event]:
    """Events with their places, and `asking`: how many wait for approval."""
    return with_places(rows).annotate(asking=_count([Booking.State.REQUESTED]))


def described(
    rows: Collection[Course], wanted: Filter, today: date, shown: int | None = SHOWN
) -> list[CourseFound]:
    """What the catalogue says of courses that are taught on a day; three queries, whatever their number."""
    if not rows:
        return []
    labels = _labels(rows)
    versions: dict[int, CourseVersion] = {}
    in_force: dict[int, CourseVersion] = {}
    taught = CourseVersion.objects.filter(course__in=list(labels)).select_related("module")
    for version in taught.order_by("published_on", "number"):
        versions[version.pk] = version
        if version.published_on <= today:
            in_force[version.course_id] = version
    coming: dict[int, list[dict[str, Any]]] = {row.pk: [] for row in rows}
    if wanted.format != ONLINE_MODULE:
        # Plain values: of many events few are shown.
        for said in with_places(events(wanted)).filter(version__in=list(versions)).values(*SAID):
            coming[versions[said["version"]].course_id].append(said)
    return [
        CourseFound(
            course=row,
            version=in_force[row.pk],
            labels=labels[row.pk],
            module=hasattr(in_force[row.pk], "module"),
            events=[
                _found(said, versions[said["version"]].title, row.uuid)
                for said in coming[row.pk][:shown]
            ],
            more=max(0, len(coming[row.pk]) - shown) if shown else 0,
        )
        for row in rows
    ]


def _labels(rows: Collection[Course]) -> dict[int, list[Label]]:
    """The labels of courses by their keys, in order; each made once, though many courses bear it."""
    made: dict[int, Label] = {}
    found: dict[int, list[Label]] = {row.pk: [] for row in rows}
    borne = Label.objects.filter(courses__in=list(found))
    for course, pk, kind, slug, name in borne.values_list("courses", "pk", "kind", "slug", "name"):
        label = made.setdefault(pk, Label(pk=pk, kind=kind, slug=slug, name=name))
        found[course].append(label)
    return found


def event_found(event: Event) -> EventFound:
    """What the catalogue says of an event that comes from `with_places`."""
    said = {name: getattr(event, name) for name in SAID if "__" not in name}
    said["site__name"] = event.site.name if event.site else ""
    return _found(said, event.version.title, event.version.course.uuid)


def _found(said: Mapping[str, Any], title: str, course: UUID) -> EventFound:
    taken, waiting = said["taken"], said["waiting"]
    return EventFound(
        uuid=said["uuid"],
        course=course,
        title=title,
        starts=said["starts"],
        ends=said["ends"],
        opens=said["opens"],
        closes=said["closes"],
        format=str(Event.Format(said["format"]).label),
        where=_where(said["format"], said["venue"], said["site__name"]),
        region=said["region"],
        left=places_left(said["capacity"], taken, waiting),
        waiting=waiting,
    )


def places_left(capacity: int, taken: int, waiting: int) -> int:
    """How many places somebody could still take: what is free while others wait is theirs."""
    return 0 if waiting else max(0, capacity - taken)


def left_in_words(left: int, waiting: int) -> str:
    """The places left, and who waits when there is none."""
    if left:
        return "1 place left" if left == 1 else f"{left} places left"
    return f"Full, {waiting} waiting" if waiting else "Full"


def where(event: Event) -> str:
    """Where an event is held, in a few words."""
    return _where(event.format, event.venue, event.site.name if event.site else "")


def _where(format: str, venue: str, site: str | None) -> str:
    if format == Event.Format.ONLINE:
        return "Online"
    return ", ".join(part for part in (venue, site) if part)


def _taught(rows: QuerySet[Course], today: date) -> QuerySet[Course]:
    versions = CourseVersion.objects.filter(course=OuterRef("pk"), published_on__lte=today)
    return rows.filter(Exists(versions))


def _labelled(condition: Q) -> QuerySet[Any]:
    return Label.objects.filter(condition, courses=OuterRef("pk"))


def _count(states: Collection[str]) -> Coalesce:
    rows = Booking.objects.filter(event=OuterRef("pk"), state__in=states).order_by()
    counted = rows.values("event").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), Value(0), output_field=IntegerField())
