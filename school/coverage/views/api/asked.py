"""The shapes of what the API is asked."""

from datetime import date
from typing import Annotated, Literal, get_args

from ninja import Schema
from pydantic import AfterValidator, Field

from school.core import clock, days
from school.coverage import tables
from school.coverage.figures import Policy

MOST_ROWS = 1000

By = Literal["site", "region", "job-role", "staff-group", "crew", "organisation"]
assert get_args(By) == tables.BY


def _possible(day: date) -> date:
    if not days.is_possible(day):
        raise ValueError(f"the year must be between {days.FIRST_YEAR} and {days.LAST_YEAR}")
    return day


def _past(day: date) -> date:
    if day > clock.today():
        raise ValueError("nothing is known from the future")
    return _possible(day)


class Days(Schema):
    """As of which day, and as it was known at the end of which; today where one is left out."""

    as_of: Annotated[date, AfterValidator(_possible)] | None = Field(None, description="as 2016-12-31; today when left out")  # fmt: skip
    known_on: Annotated[date, AfterValidator(_past)] | None = Field(None, description="as 2016-12-31; today when left out")  # fmt: skip


class Requirements(Days):
    """Of which requirements, by their codes."""

    requirement: list[str] = Field([], description="a code; again for more, all when none")


class Page(Schema):
    """Which part of the rows."""

    limit: int = Field(200, ge=1, le=MOST_ROWS, description="rows of a page")
    after: int = Field(0, ge=0, le=10**9, description="what the `next` of the page before says")


class Figures(Requirements):
    """By which group, and which of the two figures."""

    by: By | None = Field(None, description="everybody together when left out")
    policy: Policy = Policy.ADJUSTED


class FiguresPage(Page, Figures):
    """The same in pages."""


class LinesPage(Page, Requirements):
    """People by name, in pages."""
