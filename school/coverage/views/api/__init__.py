"""What other systems read: coverage, requirements and sites, for whoever brings a token."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI, Query, Schema
from ninja.errors import ValidationError

from school.core import clock
from school.core.errors import DomainError, NotYet
from school.coverage import tables
from school.coverage.figures import CONVENTIONS, Policy
from school.coverage.policies import seen
from school.coverage.views.api import answers, asked, door
from school.people.actions import log_access

REFUSALS = {401: answers.Refused, 403: answers.Refused, 422: answers.Wrong, 429: answers.Refused}
CSV = {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "OK"}

api = NinjaAPI(
    title="Training coverage",
    version="1",
    description=(
        "Who is in date for the training that is required: as of any day, and as it was known on any day. "
        "A token reads what whoever made it sees on the day it is used. Days are days in London."
    ),
    auth=[door.Bearer(), door.Basic()],
    throttle=door.PerToken(door.RATE),
    docs_url=None,
    urls_namespace="coverage_api",
)


@api.get("/coverage", response={200: answers.FiguresAnswer, **REFUSALS}, summary="Figures")
def figures(request: HttpRequest, given: Query[asked.FiguresPage]) -> Any:
    """Figures by group and requirement, adjusted and by headcount."""
    table = _table(request, given, door.sight_behind(request).sites)
    rows = tables.figure_rows(table)
    return {**table.said(), **_page(request, given, rows[given.after :])}


@api.get(
    "/coverage.csv",
    response=REFUSALS,
    openapi_extra={"responses": {200: CSV}},
    summary="Figures as CSV",
    url_name="csv",
)
def figures_csv(request: HttpRequest, given: Query[asked.Figures]) -> HttpResponse:
    """All of the same figures as CSV, the header first; the days, the definition and the conventions are its last columns."""
    table = _table(request, given, door.sight_behind(request).sites)
    return HttpResponse(tables.figures_csv(table), content_type="text/csv; charset=utf-8")


@api.get("/lines", response={200: answers.LinesAnswer, **REFUSALS}, summary="People by name")
def lines(request: HttpRequest, given: Query[asked.LinesPage]) -> Any:
    """Where each person in post stands with each requirement asked of them. For tokens that give people by name."""
    sites = door.named_sight_behind(request).named_sites
    table = _table(request, given, sites)
    rows, people = tables.line_rows(table, given.after, given.limit + 1)
    page = _page(request, given, rows)
    shown = {row["person"] for row in page["rows"]}
    named = [person for person in people if person.uuid in shown]
    log_access(viewer=door.asking(request).token.person, people=named)
    return {**table.said(), **page}


@api.get("/requirements", response={200: answers.RulesAnswer, **REFUSALS}, summary="Requirements")
def requirements(request: HttpRequest, given: Query[asked.Days]) -> Any:
    """What each requirement asks on a day, as it was known on a day."""
    door.sight_behind(request)
    _only_known(request, given)
    today = clock.today()
    days = given.as_of or today, given.known_on or today
    rows = tables.requirement_rows(*days)
    return {"as_of": days[0], "known_on": days[1], "conventions": CONVENTIONS, "rows": rows}


@api.get("/sites", response={200: answers.PlacesAnswer, **REFUSALS}, summary="Sites")
def sites(request: HttpRequest) -> Any:
    """The sites whose figures are seen."""
    _only_known(request, Schema())
    rows = seen(door.sight_behind(request), named=False).select_related("organisation")
    return {
        "rows": [
            {
                "uuid": site.uuid,
                "name": site.name,
                "region": site.network_region,
                "nhs_region": site.nhs_region,
                "organisation": site.organisation.name,
                "postcode": site.postcode,
                "latitude": site.latitude,
                "longitude": site.longitude,
            }
            for site in rows
        ]
    }


def _table(request: HttpRequest, given: asked.Requirements, sites: tuple[int, ...]) -> tables.Asked:
    """What a table is asked for. Raises ValidationError for what is not asked here, DomainError for an unknown code."""
    _only_known(request, given)
    today = clock.today()
    return tables.Asked(
        given.as_of or today,
        given.known_on or today,
        tables.requirements(given.requirement),
        getattr(given, "by", None) or "",
        getattr(given, "policy", Policy.ADJUSTED),
        sites,
    )


def _only_known(request: HttpRequest, given: Schema) -> None:
    """A parameter with a slip in its name would be answered with the figures of another day than was meant."""
    unknown = [name for name in request.GET if name not in type(given).model_fields]
    if unknown:
        raise ValidationError([{"loc": ("query", name), "msg": "not asked here"} for name in unknown])  # fmt: skip


def _page(request: HttpRequest, given: asked.Page, rows: list[Any]) -> dict[str, Any]:
    """A page of the rows that are left, and the address of the next where there are more."""
    following = None
    if len(rows) > given.limit:
        kept = [
            (name, value)
            for name, values in request.GET.lists()
            for value in values
            if name != "after"
        ]
        kept.append(("after", str(given.after + given.limit)))
        following = request.build_absolute_uri(f"{request.path}?{urlencode(kept)}")
    return {"rows": rows[: given.limit], "next": following}


@api.exception_handler(ValidationError)
def _wrong(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields: dict[str, list[str]] = {}
    for found in error.errors:
        name = next((part for part in reversed(found["loc"]) if isinstance(part, str)), "")
        words = str(found["msg"]).removeprefix("Value error, ")
        fields.setdefault(name, []).append(words)
    return _answer_wrong(request, fields)


@api.exception_handler(DomainError)
def _ruled_out(request: HttpRequest, error: DomainError) -> HttpResponse:
    if isinstance(error, NotYet):
        response = api.create_response(request, {"detail": error.message}, status=error.status)
        response.headers["Retry-After"] = str(error.again_after)
        return response
    return _answer_wrong(request, {error.field: [error.message]})


def _answer_wrong(request: HttpRequest, fields: dict[str, list[str]]) -> HttpResponse:
    detail = "Correct what is asked: " + ", ".join(fields) + "."
    return api.create_response(request, {"detail": detail, "fields": fields}, status=422)


def addresses() -> tuple[list[URLPattern | URLResolver], str, str]:
    """The addresses of the API, which no session opens."""
    patterns, app, namespace = api.urls
    for pattern in patterns:
        pattern.callback = door.for_systems(pattern.callback)  # type: ignore[arg-type]  # each has a view
    return patterns, app, namespace
