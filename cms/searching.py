"""What a visitor finds by words: courses, events that are coming, and the other public pages."""

import re
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from wagtail.models import Page

from cms import teaching
from cms.models import CoursePage, EventPage, HomePage, LearningPage, ModulePage
from cms.policies import Access
from school.core import clock
from school.courses import catalogue
from school.courses.models import Event

# Of each sort; who finds more than these asks for more than a word.
MOST = 20


@dataclass(frozen=True, slots=True)
class Line:
    """Something found: its title, its address, and a line about it."""

    title: str
    address: str
    about: str


@dataclass(frozen=True, slots=True)
class Found:
    """What words found, in three lists."""

    courses: list[Line]
    events: list[Line]
    pages: list[Line]

    @property
    def number(self) -> int:
        """How many things were found."""
        return len(self.courses) + len(self.events) + len(self.pages)


def public_pages() -> QuerySet[Page]:
    """The pages that everybody may read: published, open, and of no draft."""
    home = HomePage.objects.live().first()
    if home is None:
        return Page.objects.none()
    closed = LearningPage.objects.exclude(access=Access.OPEN)
    drafts = EventPage.objects.filter(event__state=Event.State.DRAFT)
    modules = ModulePage.objects.exclude(access=Access.OPEN)
    pages: QuerySet[Page] = (
        home.get_descendants(inclusive=True)
        .live()
        .public()
        .exclude(pk__in=closed.values("pk"))
        .exclude(pk__in=drafts.values("pk"))
        .exclude(pk__in=modules.values("pk"))
    )
    above = Page.objects.filter(Q(pk__in=modules.values("pk")) | Q(pk__in=drafts.values("pk")))
    for path in above.filter(numchild__gt=0).values_list("path", flat=True):
        pages = pages.exclude(path__startswith=path)
    return pages


def search(typed: str, request: HttpRequest) -> Found:
    """What is found by every one of the words, wherever they stand in it."""
    wanted = catalogue.Filter.of({"words": typed})
    if not wanted.words:
        return Found([], [], [])
    # The index reads some signs as orders to it.
    plain = " ".join(re.findall(r"\w+", wanted.words))
    rows = Page.objects.live().search(plain, operator="and")[:200] if plain else []
    hits = {hit.pk: hit for hit in rows}
    public = set(public_pages().filter(pk__in=hits).values_list("pk", flat=True))
    pages = [hit for key, hit in hits.items() if key in public]
    own: dict[type, list[int]] = {CoursePage: [], EventPage: []}
    others: list[Page] = []
    for page in pages:
        if page.specific_class in own:
            own[page.specific_class].append(page.pk)
        else:
            others.append(page)
    return Found(
        courses=_courses(wanted, own[CoursePage], request),
        events=_events(wanted, own[EventPage], request),
        pages=[
            Line(page.title, page.get_url(request) or "", page.search_description)
            for page in others[:MOST]
        ],
    )


def _courses(wanted: catalogue.Filter, pages: list[int], request: HttpRequest) -> list[Line]:
    today = clock.today()
    said = catalogue.courses(wanted, today).values("pk")
    every = catalogue.courses(catalogue.Filter(), today)
    rows = every.filter(Q(pk__in=said) | Q(page__in=pages))
    return [
        Line(course.title, teaching.course_address(course, request), course.summary)
        for course in rows.select_related("page")[:MOST]
    ]


def _events(wanted: catalogue.Filter, pages: list[int], request: HttpRequest) -> list[Line]:
    said = Q()
    for word in wanted.words.split():
        said &= (
            Q(version__title__icontains=word)
            | Q(venue__icontains=word)
            | Q(site__name__icontains=word)
            | Q(region__icontains=word)
        )
    rows = catalogue.events(catalogue.Filter()).filter(said | Q(page__in=pages))
    return [_event(teaching.coming(event, request)) for event in teaching.with_all(rows)[:MOST]]


def _event(coming: teaching.Coming) -> Line:
    return Line(
        f"{coming.title}, {coming.day}", coming.address, f"{coming.where}. {coming.places}."
    )
