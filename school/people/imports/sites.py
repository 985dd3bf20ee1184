"""The file of the network's sites: what its rows change, and the facts about scanners that it brings."""

import re
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar
from uuid import UUID

from django.utils.text import slugify
from pydantic import model_validator

from school.core import clock, ledger
from school.core.files import cells
from school.core.files.fates import Fate, Finding
from school.core.files.importing import Kind, Plan, Reach
from school.core.files.rows import (
    Day,
    Number,
    Numbered,
    Row,
    Text20,
    Text60,
    Text200,
    column,
    contradicting,
    one_of,
    optional,
    repeated,
)
from school.people.imports.persons import account_of, save_tracked
from school.people.imports.spans import Span, overlaps
from school.people.models import Organisation, ScannerTerm, Scope, Site, SiteCode
from school.people.network import ensure_organisation, ensure_region, network_book


class SiteRow(Row):
    """A site of the network."""

    IGNORED: ClassVar[tuple[str, ...]] = ("note",)
    ABOUT: ClassVar[str] = (
        "Sites are found by name, then by code. A cell left empty says nothing and changes nothing: "
        "a code that is not known stays unknown. The network's region and NHS England's are both kept. "
        "A site with two scanner terms has two rows that differ only there."
    )

    name: Text200 = column("the network's name of the site", example="Freeman Hospital")
    official_name: Text200 | None = optional(
        "the name in the NHS's organisation data; the network's name when empty",
        example="Freeman Hospital",
    )
    organisation: Text200 = column(
        "the trust or provider that runs the site",
        "parent name",
        example="The Newcastle upon Tyne Hospitals NHS Foundation Trust",
    )
    organisation_code: Text20 | None = optional(
        "its code in the NHS's organisation data", "parent ods", example="RTD"
    )
    organisation_kind: (
        Annotated[str, one_of(trust="trust", university="university", provider="provider")] | None
    ) = optional("trust or provider; a trust when its name holds NHS", example="trust")
    network_region: Text60 = column(
        "the network's region", example="North East, Yorkshire & The Humber"
    )
    nhs_region: Text60 = column(
        "NHS England's region",
        "nhs england region",
        name="NHS region",
        example="North East and Yorkshire",
    )
    postcode: Text20 = column("the postcode", example="NE7 7DN")
    latitude: Number = column("degrees north, up to six decimals", example="55.002777")
    longitude: Number = column("degrees east, negative west of Greenwich", example="-1.593362")
    code: Text20 | None = optional(
        "the site's code in the NHS's organisation data", "ods code", "site code", example="RTD01"
    )
    previous_code: Text20 | None = optional("the code that it had before", "previous ods code")
    previous_code_until: Day | None = optional(
        "the last day on which the previous code is known to have been in use"
    )
    scanner: Annotated[str, one_of(static="static", mobile="mobile")] | None = optional(
        "static or mobile", "scanner kind", "kind", example="static"
    )
    scanner_from: Day | None = optional(
        "the first day of that kind of scanner", "from", example="2017-04-01"
    )
    scanner_to: Day | None = optional("the last day; empty while it lasts", "to")
    recorded_on: Day | None = optional(
        "the day the source recorded the scanner; today when empty", "known from"
    )

    @model_validator(mode="after")
    def _whole(self) -> "SiteRow":
        if not (-90 <= self.latitude <= 90):
            raise ValueError("latitude|a latitude is between -90 and 90")
        if not (-180 <= self.longitude <= 180):
            raise ValueError("longitude|a longitude is between -180 and 180")
        if self.previous_code_until and not self.previous_code:
            raise ValueError("previous_code|a last day is given, and no code that it belongs to")
        if bool(self.scanner) != bool(self.scanner_from):
            raise ValueError("scanner|a scanner needs both its kind and its first day")
        if self.scanner_to and self.scanner_from and self.scanner_to < self.scanner_from:
            raise ValueError("scanner_to|the last day lies before the first")
        if self.recorded_on and self.recorded_on > clock.today():
            raise ValueError("recorded_on|nothing is recorded on a day to come")
        return self


# Columns that all rows of one site must agree on.
_OF_SITE = tuple(
    name
    for name in SiteRow.model_fields
    if name not in {"name", "scanner", "scanner_from", "scanner_to", "recorded_on"}
)


def plan(rows: Sequence[Numbered[SiteRow]], _reach: Reach, _by: UUID) -> Plan:
    """What the rows do to sites, codes and scanner terms."""
    done = Plan()
    done.refused = [
        *repeated(rows, lambda row: (cells.folded(row.name), row.scanner_from), "site"),
        *contradicting(rows, lambda row: cells.folded(row.name), _OF_SITE, "site"),
        *contradicting([n for n in rows if n.row.code], lambda row: row.code, ("name",), "code"),
    ]
    if done.refused:
        return done
    held = _Held()
    groups: dict[str, list[Numbered[SiteRow]]] = {}
    for numbered in rows:
        groups.setdefault(cells.folded(numbered.row.name), []).append(numbered)
    plans = []
    for key, group in groups.items():
        row = _together(group)
        by_name, by_code = held.names.get(key), held.codes.get(row.code or "")
        if by_name and by_code and by_name.pk != by_code.pk:
            done.waiting += [
                Finding(
                    numbered.number,
                    "code",
                    row.code or "",
                    "the name is one site's and the code another's",
                    "Correct the name or the code.",
                )
                for numbered in group
            ]
            continue
        site = _SitePlan(row, group, by_name or by_code, held)
        done.refused += site.refusals
        done.fates.update(site.fates())
        plans.append(site)
    done.ready = lambda by: lambda: _write(plans, by)
    return done


def _together(group: Sequence[Numbered[SiteRow]]) -> SiteRow:
    """What all rows of a site say about it together; they do not contradict one another."""
    said = {
        name: value
        for numbered in group
        for name in _OF_SITE
        if (value := getattr(numbered.row, name)) is not None
    }
    return group[0].row.model_copy(update=said)


class _Held:
    """The sites held, with their codes and scanner terms."""

    def __init__(self) -> None:
        sites = {site.pk: site for site in Site.objects.select_related("organisation", "scope")}
        self.names = {cells.folded(site.name): site for site in sites.values()}
        self.codes: dict[str, Site] = {}
        self.codes_of: dict[int, dict[str, SiteCode]] = {pk: {} for pk in sites}
        for code in SiteCode.objects.all():
            self.codes[code.code] = sites[code.site_id]
            self.codes_of[code.site_id][code.code] = code
        self.terms: dict[int, list[ScannerTerm]] = {}
        for term in ScannerTerm.objects.standing():
            self.terms.setdefault(term.site_id, []).append(term)


class _SitePlan:
    """What is to be written about one site."""

    def __init__(
        self,
        row: SiteRow,
        group: Sequence[Numbered[SiteRow]],
        held: Site | None,
        all_held: _Held,
    ) -> None:
        self.row, self.group, self.held = row, group, held
        self.refusals: list[Finding] = []
        codes = all_held.codes_of[held.pk] if held else {}
        self.new_codes: list[tuple[str, Any]] = []
        self.ended: list[SiteCode] = []
        if row.code and row.code not in codes:
            current = [c for c in codes.values() if c.ends is None and c.code != row.previous_code]
            if current:
                self.refusals += [
                    Finding(
                        numbered.number,
                        "code",
                        row.code,
                        f"the site has the code {current[0].code}",
                        "Give that as the previous code with its last day, if the code has changed.",
                    )
                    for numbered in group
                ]
            self.new_codes.append((row.code, None))
        if row.previous_code:
            previous = codes.get(row.previous_code)
            if previous is None:
                self.new_codes.append((row.previous_code, row.previous_code_until))
            elif row.previous_code_until and previous.ends != row.previous_code_until:
                previous.ends = row.previous_code_until
                self.ended.append(previous)
        self.edits = self._edits() if held else {}
        self.terms = self._terms(all_held.terms.get(held.pk, []) if held else [])

    def _edits(self) -> dict[str, Any]:
        row, site = self.row, self.held
        assert site is not None
        wanted = {
            "name": row.name if cells.folded(row.name) != cells.folded(site.name) else None,
            "official_name": row.official_name,
            "postcode": row.postcode,
            "latitude": round(row.latitude, 6),
            "longitude": round(row.longitude, 6),
            "network_region": row.network_region,
            "nhs_region": row.nhs_region,
        }
        edits = {
            name: value
            for name, value in wanted.items()
            if value is not None and getattr(site, name) != value
        }
        if site.organisation.name != row.organisation:
            edits["organisation"] = row.organisation
        elif row.organisation_code and site.organisation.code != row.organisation_code:
            edits["organisation_code"] = row.organisation_code
        return edits

    def _terms(
        self, standing: Sequence[ScannerTerm]
    ) -> dict[int, tuple[SiteRow, ScannerTerm | None]]:
        """The scanner terms to write, by row, each with the one that it supersedes."""
        held = {term.entry.about_from: term for term in standing}
        wanted = {}
        spans = {start: Span(start, term.entry.about_to) for start, term in held.items()}
        for numbered in self.group:
            row = numbered.row
            if not (row.scanner and row.scanner_from):
                continue
            spans[row.scanner_from] = Span(row.scanner_from, row.scanner_to, numbered.number)
            same = held.get(row.scanner_from)
            if same is None or (same.scanner_kind, same.entry.about_to) != (
                row.scanner,
                row.scanner_to,
            ):
                wanted[numbered.number] = (row, same)
        self.refusals += overlaps(spans.values(), column="scanner from", what="scanner term")
        return wanted

    def fates(self) -> dict[int, Fate]:
        """The fate of each row."""
        edited = bool(self.edits or self.new_codes or self.ended)
        return {
            numbered.number: Fate.NEW
            if self.held is None
            else Fate.CHANGED
            if edited or numbered.number in self.terms
            else Fate.SAME
            for numbered in self.group
        }


def _write(plans: Sequence[_SitePlan], by: UUID) -> None:
    user = account_of(by)
    today = clock.today()
    drafts = []
    for site_plan in plans:
        site = _site(site_plan, user)
        for code, ends in site_plan.new_codes:
            save_tracked([SiteCode(site=site, code=code, ends=ends)], user)
        for held_code in site_plan.ended:
            save_tracked([held_code], user)
        book = network_book() if site_plan.terms else None
        for term, superseded in site_plan.terms.values():
            assert book is not None
            assert term.scanner is not None
            assert term.scanner_from is not None
            drafts.append(
                ledger.Draft(
                    fact=ScannerTerm(site=site, scanner_kind=term.scanner, supersedes=superseded),
                    book=book,
                    about_from=term.scanner_from,
                    about_to=term.scanner_to,
                    known_from=term.recorded_on or today,
                )
            )
    if drafts:
        with ledger.writing(drafts[0].book) as pen:
            pen.append(drafts, by=by)


def _site(site_plan: _SitePlan, user: Any) -> Site:
    row, site = site_plan.row, site_plan.held
    if site is not None and not site_plan.edits:
        return site
    is_nhs = re.search(r"\bNHS\b|National Health Service", row.organisation)
    guess = "trust" if is_nhs else "provider"
    organisation = ensure_organisation(
        row.organisation,
        Organisation.Kind(row.organisation_kind or guess),
        row.organisation_code or "",
    )
    if row.organisation_code and organisation.code != row.organisation_code:
        organisation.code = row.organisation_code
        save_tracked([organisation], user)
    ensure_region(row.network_region)
    if site is None:
        scope = Scope.objects.create(kind=Scope.Kind.SITE, name=row.name, parent=organisation.scope)
        site = Site(scope=scope, name=row.name, slug=slugify(row.name), official_name=row.official_name or row.name,
            postcode=row.postcode, latitude=round(row.latitude, 6), longitude=round(row.longitude, 6),
            network_region=row.network_region, nhs_region=row.nhs_region, organisation=organisation)  # fmt: skip
    else:
        for name, value in site_plan.edits.items():
            if name not in {"organisation", "organisation_code"}:
                setattr(site, name, value)
        site.organisation = organisation
        if (site.scope.name, site.scope.parent_id) != (site.name, organisation.scope_id):
            site.scope.name, site.scope.parent = site.name, organisation.scope
            site.scope.save()
    save_tracked([site], user)
    return site


SITES = Kind("network", "Sites of the network", SiteRow, plan)
