"""The shapes of what the API answers."""

from datetime import date
from uuid import UUID

from ninja import Schema

from school.coverage.figures import Policy
from school.coverage.states import State


class Refused(Schema):
    """Why nothing is answered."""

    detail: str


class Wrong(Refused):
    """What is wrong with what was asked, by parameter."""

    fields: dict[str, list[str]]


class Said(Schema):
    """What every answer carries: the days, and the conventions."""

    as_of: date
    known_on: date
    conventions: list[str]


class Figure(Schema):
    """How many people of a group are in each state for a requirement; `percent` is `numerator` of `denominator`, empty of nobody."""

    group: str
    requirement: str
    numerator: int
    denominator: int
    percent: str
    exempt: int
    in_date: int
    in_grace: int
    expired: int
    missing: int
    away: int
    adjusted: int
    adjusted_of: int
    headcount: int
    headcount_of: int


class FiguresAnswer(Said):
    """Figures, with which of the two they are and what it is a share of; `next` is the address of the next page."""

    policy: Policy
    by: str
    definition: str
    rows: list[Figure]
    next: str | None


class Line(Schema):
    """A person, a requirement and the site because of which it is asked; `expires` where they had it, `away` for 28 days or more."""

    person: UUID
    name: str
    requirement: str
    site: str
    state: State
    expires: date | None
    away: bool


class LinesAnswer(Said):
    """People by name; `next` is the address of the next page."""

    rows: list[Line]
    next: str | None


class Rule(Schema):
    """What a requirement asks on a day; `months` none is for ever, `whom` empty is everybody in post."""

    code: str
    name: str
    whom: str
    courses: list[str]
    months: int | None
    renewal: str
    window_months: int
    window_days: int
    minimum_months: int
    due_on: date | None
    minutes: int
    grace_days: int
    target: int
    source: str
    starts: date
    ends: date | None


class RulesAnswer(Said):
    """Requirements."""

    rows: list[Rule]


class Place(Schema):
    """A site whose figures are seen."""

    uuid: UUID
    name: str
    region: str
    nhs_region: str
    organisation: str
    postcode: str
    latitude: float
    longitude: float


class PlacesAnswer(Schema):
    """Sites."""

    rows: list[Place]
