"""The demo's sites: scanners and mobile units, audits, what they ask and tell, and requests for places."""

from datetime import date, time, timedelta

from simple_history.utils import bulk_create_with_history

from placements import patterns
from placements.models import (
    Check,
    CheckKind,
    PlaceOffer,
    PlaceRequest,
    ProgrammeVersion,
    SiteAudit,
    SiteAuditAction,
    SiteCheck,
    SiteGuide,
    WorkingPattern,
)
from school.core import days
from school.core.ledger import Draft
from school.demo.run import Build, write
from school.people.models import MailDomain, MobileUnit, ScannerTerm, Site, UnitStay
from school.people.network import network_book

INDUCTION = (
    "Fire exits, alarms and where to meet outside",
    "Crash trolley, emergency numbers and who answers the call",
    "Local rules, controlled areas and your dose badge",
    "Spills and contaminated waste",
    "Injection room, uptake rooms and who may enter when",
    "Scanner room and control room",
    "Patients' privacy, and what never goes into the portal",
    "Whom to tell when you are ill or late",
)
# Months for which a check is accepted, None when it does not run out.
CHECKS = {
    CheckKind.DBS: 36,
    CheckKind.OCCUPATIONAL_HEALTH: 36,
    CheckKind.MANUAL_HANDLING: 12,
    CheckKind.LOCAL_RULES: None,
    CheckKind.DOSE_BADGE: None,
}
WEEKS_OF_UNITS = range(-4, 12)


def mobile(number: int) -> bool:
    """Whether the scanner of a site comes on a trailer."""
    return number % 5 == 4


def build_sites(run: Build) -> None:
    """Everything of the sites that needs no staff; one audit has run out."""
    book = network_book()
    scanners, audits = [], []
    for number, site in enumerate(run.sites):
        kind = ScannerTerm.Kind.MOBILE if mobile(number) else ScannerTerm.Kind.STATIC
        scanners.append(
            Draft(
                fact=ScannerTerm(site=site, scanner_kind=kind),
                book=book,
                about_from=date(2017, 4, 1),
                uuid=run.uuid(),
                known_from=date(2017, 4, 1),
            )
        )
        lapsed = site.name == "Bradford Royal Infirmary"
        audited = run.today - timedelta(days=750 if lapsed else 60 + 17 * (number % 20))
        audits.append(
            Draft(
                fact=SiteAudit(site=site),
                book=book,
                about_from=audited,
                about_to=days.add_months(audited, 24),
                uuid=run.uuid(),
                known_from=audited,
            )
        )
        MailDomain.objects.get_or_create(site=site, domain=f"{site.slug}.nhs.example")
    write([*scanners, *audits])
    _audit_actions(run, audits)
    _guides(run)
    _checks(run)
    _patterns(run)
    _units(run)


def _audit_actions(run: Build, audits: list[Draft]) -> None:
    """At the personas' site something done, something open and something late; at every fifth site something open."""
    actions = []
    for number, draft in enumerate(audits):
        if number == run.home:
            wanted = [
                ("Offer every student a meeting with the lead in the first week", 40, 30),
                ("Put a second desk for students into the control room", 240, None),
                ("Write down who covers for each practice educator", 90, None),
            ]
        elif number % 5 == 0:
            wanted = [("Give students their own sign-in to the training records", 500, None)]
        else:
            continue
        actions += [
            SiteAuditAction(
                uuid=run.uuid(),
                audit=draft.fact,  # type: ignore[misc]
                what=what,
                due=draft.about_from + timedelta(days=due),
                done_on=draft.about_from + timedelta(days=done) if done else None,
            )
            for what, due, done in wanted
        ]
    bulk_create_with_history(actions, SiteAuditAction)


def _guides(run: Build) -> None:
    bulk_create_with_history(
        [
            SiteGuide(
                site=site,
                meeting_point=f"Main entrance, 08:00. Say you come to PET-CT; somebody fetches you.\n"
                f"The department is on level {number % 4}.",
                contact=f"PET-CT reception, 01632 960{number:03d}\npetct@{site.slug}.nhs.example",
                hours="Monday to Thursday 08:00 to 16:00, Friday until 15:00",
                dress="Uniform of your university, closed flat shoes, hair tied back, bare below the elbows.",
                bring="Your student card, the letter of your checks, and something to eat.",
                travel="The bus stops at the main entrance. Students have no parking of their own. "
                "There is a locker for each of you.",
                induction="\n".join(INDUCTION),
            )
            for number, site in enumerate(run.sites)
        ],
        SiteGuide,
    )


def _checks(run: Build) -> None:
    """The personas' site asks for every check, each fifth site for those that hold everywhere."""
    for number, site in enumerate(run.sites):
        if number == run.home:
            run.checks[site.pk] = list(CHECKS)
        elif number % 5 == 0:
            run.checks[site.pk] = [kind for kind in CHECKS if kind not in Check.LOCAL]
    bulk_create_with_history(
        [
            SiteCheck(site_id=site, kind=kind, months=CHECKS[kind])
            for site, kinds in run.checks.items()
            for kind in kinds
        ],
        SiteCheck,
    )


def _patterns(run: Build) -> None:
    rows = [
        (run.sites[run.home], "Four days", range(4), time(8), time(16), 30),
        (run.sites[run.home], "Five days", range(5), time(8), time(16), 48),
        (run.sites[run.home], "Late scanner list", range(1, 4), time(11), time(19), 30),
    ]
    rows += [
        (site, "Four days", range(4), time(8), time(16), 30)
        for number, site in enumerate(run.sites)
        if number % 5 == 0
    ]
    bulk_create_with_history(
        [
            WorkingPattern(
                uuid=run.uuid(),
                site=site,
                name=name,
                weekdays=patterns.kept(weekdays),
                start=start,
                end=end,
                break_minutes=pause,
            )
            for site, name, weekdays, start, end, pause in rows
        ],
        WorkingPattern,
    )


def _units(run: Build) -> None:
    """Each mobile unit divides its weeks between two sites; the last has a site for itself."""
    visited = [site for number, site in enumerate(run.sites) if mobile(number)]
    rounds = [visited[n : n + 2] for n in range(0, len(visited), 2)]
    units = bulk_create_with_history(
        [
            MobileUnit(uuid=run.uuid(), name=f"PET-CT unit {number}")
            for number in range(1, len(rounds) + 1)
        ],
        MobileUnit,
    )
    monday = days.monday(run.today)
    stays = []
    for unit, sites in zip(units, rounds, strict=True):
        for week in WEEKS_OF_UNITS:
            for site, (first, last) in zip(sites, _parts(sites), strict=True):
                stays.append(
                    UnitStay(
                        uuid=run.uuid(),
                        unit=unit,
                        site=site,
                        starts=monday + timedelta(days=7 * week + first),
                        ends=monday + timedelta(days=7 * week + last),
                    )
                )
    bulk_create_with_history(stays, UnitStay)


def _parts(sites: list[Site]) -> list[tuple[int, int]]:
    return [(0, 2), (3, 4)] if len(sites) == 2 else [(0, 4)]


def ask_for_places(run: Build, version: ProgrammeVersion) -> None:
    """The coordinator asked the personas' site twice, and one more: offered, declined, and one that waits."""
    coordinator = run.personas["coordinator"]
    stage = version.stages.get(year=2)
    starts = days.monday(run.today + timedelta(days=70))
    ends = starts + timedelta(days=6)
    home, other = run.home, (run.home + 1) % len(run.sites)
    [offer] = bulk_create_with_history(
        [
            PlaceOffer(
                uuid=run.uuid(),
                site=run.sites[home],
                stage=stage,
                starts=starts,
                ends=ends,
                places=1,
            )
        ],
        PlaceOffer,
    )
    offered, declined, asked = (
        PlaceRequest.State.OFFERED,
        PlaceRequest.State.DECLINED,
        PlaceRequest.State.ASKED,
    )
    rows = [
        (home, 0, 2, offered, "One more week for the second year.", "One, not two: we have one scanner that week."),
        (other, 0, 1, declined, "", "Our scanner is being replaced in these weeks."),
        (home, 28, 2, asked, "Two students of the second year still have no place in this week.", ""),
    ]  # fmt: skip
    requests = []
    for number, later, places, state, words, answer in rows:
        request = PlaceRequest(
            uuid=run.uuid(),
            site=run.sites[number],
            stage=stage,
            starts=starts + timedelta(days=later),
            ends=ends + timedelta(days=later),
            places=places,
            words=words,
            asked_by=coordinator,
            asked_on=run.today - timedelta(days=2 if state == asked else 9),
            state=state,
            answer=answer,
            offer=offer if state == offered else None,
        )
        if state != asked:
            request.answered_by = run.leads[0, number]
            request.answered_on = run.today - timedelta(days=5)
        requests.append(request)
    bulk_create_with_history(requests, PlaceRequest)
