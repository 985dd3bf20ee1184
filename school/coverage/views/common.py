"""What the pages of coverage share: who may look, which days are asked of, and how that is said."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from school.core.asked_days import DaysForm
from school.core.share import Share
from school.courses.views import looking
from school.coverage import asked_queries as required
from school.coverage import standing
from school.coverage.figures import CONVENTIONS, said
from school.coverage.models import RequirementVersion
from school.coverage.policies import UNSEEN, Sight, sight
from school.coverage.states import Question
from school.people.middleware import Viewer

DEFINITION = " ".join(CONVENTIONS)


@dataclass(frozen=True, slots=True)
class Asking:
    """A request for figures: who asks, what they see, the form of the days, and the days themselves when they can be read."""

    viewer: Viewer
    sight: Sight
    form: DaysForm
    question: Question | None
    # The same as part of an address; empty for today.
    query: dict[str, Any]

    @property
    def versions(self) -> dict[int, RequirementVersion]:
        """What is required on the day; one query."""
        assert self.question is not None
        return required.versions(self.question.as_of, self.question.known_on)

    def with_days(self, **more: Any) -> str:
        """The query of an address that asks for the same days and more."""
        asked = {**self.query, **{name: value for name, value in more.items() if value}}
        return f"?{urlencode(asked)}" if asked else ""

    @property
    def said(self) -> str:
        """The days in words."""
        assert self.question is not None
        return said(self.question)


def seeing(request: HttpRequest, *, named: bool = False) -> tuple[Viewer, Sight]:
    """Who looks and what they see; `named` for pages about people. 403 for whoever sees no coverage, or no people."""
    viewer = looking(request)
    seen = sight(viewer)
    if seen is None or (named and seen.names == frozenset()):
        raise PermissionDenied(UNSEEN)
    return viewer, seen


def seen_by(request: HttpRequest) -> int:
    """What the page that somebody acts from held of a row's history, as `with_seen` gave it; 0 where it says nothing."""
    try:
        return int(request.POST.get("seen", ""))
    except ValueError:
        return 0


def asking(request: HttpRequest, *, named: bool = False) -> Asking:
    """Who asks for which days; `named` for pages about people. 403 for whoever sees no coverage, or no people."""
    viewer, seen = seeing(request, named=named)
    form = DaysForm(request.GET)
    found = form.days()
    if found is None:
        return Asking(viewer, seen, form, None, {})
    sites = seen.named_sites if named else seen.sites
    standing.bring_up()
    question = Question(*found, sites=sites, is_brought_up=True)
    query = {"as_of": found[0].isoformat(), "known_on": found[1].isoformat()} if form.is_bound else {}  # fmt: skip
    return Asking(viewer, seen, form, question, query)


def percent_cell(share: Share) -> Decimal | str:
    """Per cent as a number of a table that is taken away, or the words for a share of nothing."""
    return "no data" if share.cell is None else share.cell
