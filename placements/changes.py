"""What a change of a placement breaks and what it leaves, said before it is saved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Max, Q, Sum

from placements import places_queries, policies, readiness, reference, standing
from placements.actions.arranging import Rota
from placements.actions.moving import Part, against, handed_over
from placements.actions.placing import supervised_until
from placements.actions.rota import check_planned, planned_by
from placements.models import (
    Check,
    CheckKind,
    CurrentShift,
    Placement,
    PlannedShift,
    SiteCheck,
    StageTally,
    Supervision,
)
from placements.problems import Problem, problems
from placements.student_queries import planned_minutes
from school.core import clock, days
from school.core.errors import DomainError
from school.core.registries import Clash, clashes
from school.people.models import Site
from school.people.queries import identity

State = Placement.State
SHOWN = 10  # of what somebody is due at elsewhere


@dataclass(slots=True)
class Section:
    """What a change means for one student: what speaks against it, and a line of words for each subject."""

    title: str
    problems: list[Problem]
    rows: list[tuple[str, list[str]]] = field(default_factory=list)
    rota_problem: str = ""
    breaches: list[str] = field(default_factory=list)

    @property
    def possible(self) -> bool:
        """Whether nothing speaks against it that a reason could not answer."""
        return not self.problems and not self.rota_problem

    def say(self, label: str, *words: str) -> None:
        """Adds what is said of a subject; nothing when there is nothing to say."""
        said = [sentence for sentence in words if sentence]
        if said:
            self.rows.append((label, said))


def of_parts(parts: Sequence[Part], rota: Rota | None = None) -> list[Section]:
    """What a move or a swap comes to, for each student."""
    return [_of_part(part, parts, rota) for part in parts]


def _of_part(part: Part, parts: Sequence[Part], rota: Rota | None) -> Section:
    old, new, swaps = part.leaves, part.begins, len(parts) > 1
    title = f"{new.enrolment.person.name} goes to {new.site.name}"
    section = Section(title, against(part, parts))
    until = (
        "is withdrawn" if part.before_it_began else f"ends on {days.long_date(part.day - days.DAY)}"
    )
    section.say(f"At {old.site.name}", f"The placement {until}.", _confirmed(old))
    section.say(
        f"At {new.site.name}",
        f"{days.long_date(new.starts)} to {days.long_date(new.ends)}, {new.get_state_display()}",
    )
    if not swaps:
        section.say("Places there", *_places(new))
    section.say("Site audit there", _audited(new.site))
    going = list(old.planned_shifts.filter(start__gte=days.start_of_day(part.day)))
    section.say("Planned shifts", _going(going, old.site), *_make_ups(going))
    if swaps:
        new_shifts = _handed_over(section, new, going, handed_over(part, parts))
    else:
        new_shifts = _new_rota(section, new, going, rota)
    section.say("Waiting for a decision", _waiting(old))
    names = _supervisors(old, part.day - days.DAY)
    section.say(
        "Supervision",
        f"{names} until {days.long_date(part.day - days.DAY)}, and no longer." if names else "",
        f"Nobody is named at {new.site.name} yet. You name somebody next.",
    )
    section.say(
        "Before the first day there",
        "The site induction is recorded again.",
        _checks(new),
    )
    section.say(f"Hours of {old.stage}", _hours(old, going, new_shifts))
    section.say("Due elsewhere", *_due(new, [(new.starts, new.ends)], going))
    return section


def of_dates(placement: Placement, starts: date, ends: date) -> Section:
    """What other dates come to."""
    title = f"{placement.enrolment.person.name} at {placement.site.name}"
    section = Section(
        title,
        problems(
            enrolment=placement.enrolment,
            stage=placement.stage,
            site=placement.site,
            starts=starts,
            ends=ends,
            ignoring=[placement],
        ),
    )
    section.say(
        "Dates",
        f"{days.long_date(starts)} to {days.long_date(ends)}",
        f"until now {days.long_date(placement.starts)} to {days.long_date(placement.ends)}",
    )
    going = [
        row
        for row in placement.planned_shifts.filter(start__gte=clock.now())
        if not starts <= days.london_day(row.start) <= ends
    ]
    section.say("Planned shifts", _going(going, placement.site), *_make_ups(going))
    outside = CurrentShift.objects.filter(
        Q(start__lt=days.start_of_day(starts)) | Q(start__gte=days.end_of_day(ends)),
        placement=placement,
        state__in=CurrentShift.LIVE,
    ).count()
    if outside:
        section.say(
            "Worked shifts",
            f"{_number(outside, 'shift')} outside the new dates: they stay as they are, and count.",
        )
    added = [
        (first, last)
        for first, last in (
            (starts, min(ends, placement.starts - days.DAY)),
            (max(starts, placement.ends + days.DAY), ends),
        )
        if first <= last
    ]
    if added:
        longer = Placement(
            enrolment=placement.enrolment,
            stage=placement.stage,
            site=placement.site,
            starts=starts,
            ends=ends,
        )
        section.say("Places there", *_places(longer))
        section.say("Due elsewhere", *_due(longer, added, going))
    last = _supervised_until(placement)
    if last is not None and last < ends:
        section.say(
            "Supervision",
            f"It ends on {days.long_date(last)}. Name who supervises after that.",
        )
    section.say(f"Hours of {placement.stage}", _hours(placement, going, []))
    return section


def of_withdrawal(placement: Placement) -> Section:
    """What withdrawing comes to."""
    section = Section(f"{placement.enrolment.person.name} at {placement.site.name}", [])
    last = min(placement.ends, clock.today()) if placement.starts <= clock.today() else None
    section.say(
        "The placement",
        f"It ends today, {days.long_date(last)}." if last else "It does not take place.",
        _confirmed(placement),
    )
    going = list(placement.planned_shifts.filter(start__gte=clock.now()))
    section.say("Planned shifts", _going(going, placement.site), *_make_ups(going))
    section.say("Waiting for a decision", _waiting(placement))
    until = supervised_until(placement)
    said = "today" if until == clock.today() else days.long_date(until)
    names, to_come = _supervisors(placement, until), _supervisors(placement, until, begun=False)
    section.say(
        "Supervision",
        f"{names} until {said}, and no longer." if names else "",
        f"That of {to_come} does not begin." if to_come else "",
    )
    section.say(f"Hours of {placement.stage}", _hours(placement, going, []))
    return section


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _going(going: Sequence[PlannedShift], site: Site) -> str:
    if not going:
        return "None goes off the rota."
    minutes = sum(planned_minutes(row) for row in going)
    verb = "goes" if len(going) == 1 else "go"
    return f"{_number(len(going), 'shift')}, {days.in_words(minutes)}, {verb} off the rota of {site.name}."


def _make_ups(going: Sequence[PlannedShift]) -> list[str]:
    count = sum(row.makes_up_id is not None for row in going)
    if not count:
        return []
    said = (
        "1 of them makes up a lost day, which is"
        if count == 1
        else f"{count} of them make up lost days, which are"
    )
    return [f"{said} to be made up anew."]


def _new_rota(
    section: Section, new: Placement, going: Sequence[PlannedShift], rota: Rota | None
) -> list[PlannedShift]:
    """The shifts that a pattern plans at the new site, with what speaks against them."""
    if rota is None or section.problems:
        return []
    shifts = [
        row for row in planned_by(rota.pattern, new, rota.day_type) if row.start >= clock.now()
    ]
    try:
        found = check_planned(
            new, shifts, reason="shown before it is saved", leaving={row.pk for row in going}
        )
    except DomainError as error:
        section.rota_problem = error.message
        return []
    section.breaches = list(dict.fromkeys(finding.statement() for finding in found))
    minutes = sum(planned_minutes(row) for row in shifts)
    section.say(
        "New rota",
        f"{_number(len(shifts), 'shift')}, {days.in_words(minutes)}, at {new.site.name}.",
    )
    return shifts


def _handed_over(
    section: Section,
    new: Placement,
    going: Sequence[PlannedShift],
    shifts: list[PlannedShift],
) -> list[PlannedShift]:
    """The rota of the place that is taken over, when no rule of hours speaks against it for this student."""
    try:
        check_planned(new, shifts, reason="", leaving={row.pk for row in going})
    except DomainError as error:
        section.say("Rota there", f"Not taken over, plan it next. {error.message}")
        return []
    minutes = sum(planned_minutes(row) for row in shifts)
    said = f"Taken over: {_number(len(shifts), 'shift')}, {days.in_words(minutes)}."
    section.say("Rota there", said if shifts else "None is planned.")
    return shifts


def _confirmed(placement: Placement) -> str:
    rows = CurrentShift.objects.filter(placement=placement, state=CurrentShift.State.CONFIRMED)
    minutes = rows.aggregate(sum=Sum("minutes"))["sum"]
    if not minutes:
        return ""
    return f"{days.in_words(minutes)} confirmed there stay counted, at {placement.site.name}."


def _waiting(placement: Placement) -> str:
    found = CurrentShift.objects.filter(
        placement=placement, state__in=CurrentShift.WAITING
    ).aggregate(count=Count("pk"), sum=Sum("minutes"))
    if not found["count"]:
        return ""
    names = _supervisors(placement, None)
    lead = f"the site lead at {placement.site.name}"
    who = (
        f"{names} can decide for {policies.AFTER_SUPERVISION.days} days after the supervision ends, and {lead}."
        if names
        else f"{lead[0].upper()}{lead[1:]} decides."
    )
    return f"{_number(found['count'], 'shift')}, {days.in_words(found['sum'])}. {who}"


def _supervisors(placement: Placement, after: date | None, *, begun: bool = True) -> str:
    """Who supervises, by name; with `after` those who have `begun` by that day and would go on, or who have not."""
    rows = Supervision.objects.standing().filter(placement=placement)
    if after is not None:
        rows = rows.filter(
            Q(entry__about_to=None) | Q(entry__about_to__gt=after),
            Q(entry__about_from__lte=after) if begun else Q(entry__about_from__gt=after),
        )
    names = rows.order_by("entry__about_from", "pk").values_list("person__name", flat=True)
    return _listed(dict.fromkeys(names))


def _listed(names: Iterable[str]) -> str:
    *others, last = [*names] or [""]
    return f"{', '.join(others)} and {last}" if others else last


def _supervised_until(placement: Placement) -> date | None:
    """The last day on which somebody supervises; None when nobody does or it has no end."""
    rows = Supervision.objects.standing().filter(placement=placement)
    if rows.filter(entry__about_to=None).exists():
        return None
    last: date | None = rows.aggregate(last=Max("entry__about_to"))["last"]
    return last


def _places(new: Placement) -> list[str]:
    if new.starts > new.ends:
        return []
    return [
        f"From {days.long_date(day)}: {at.used} of {at.offered} taken"
        for day, at in places_queries.capacity(new.site, new.stage_id, new.starts, new.ends)
    ]


def _audited(site: Site) -> str:
    until = places_queries.audits_until([site]).get(site.pk)
    return f"Holds until {days.long_date(until)}." if until else "None is recorded."


def _checks(new: Placement) -> str:
    """What the site asks for that does not hold from the first day to the last."""
    if new.starts > new.ends:
        return ""
    asked = [
        readiness.Asked(row.kind, row.months) for row in SiteCheck.objects.filter(site=new.site)
    ]
    if not asked:
        return ""
    shown = Check.objects.standing().filter(enrolment=new.enrolment, withdrawn=False)
    held = [
        readiness.Held(row.check_kind, row.entry.about_from, row.entry.about_to, row.site_id)
        for row in shown
    ]
    answers = readiness.answers(asked, held, site=new.site_id, first=new.starts, last=new.ends)
    missing = [CheckKind(one.kind).label for one in answers if not one.holds]
    return f"{new.site.name} asks for: {', '.join(missing)}." if missing else ""


def _hours(
    placement: Placement, going: Sequence[PlannedShift], added: Sequence[PlannedShift]
) -> str:
    """What counts, waits and is planned after the change, against what the stage needs."""
    stage = placement.stage
    tally = StageTally.objects.get(enrolment=placement.enrolment_id, stage=stage)
    leaving = {row.pk for row in going}
    ahead = PlannedShift.objects.filter(
        placement__enrolment=placement.enrolment_id, placement__stage=stage, start__gte=clock.now()
    ).exclude(pk__in=leaving)
    planned = sum(planned_minutes(row) for row in [*ahead, *added] if _is_clinical(row))
    total = standing.done(tally) + planned
    short = stage.minimum_minutes - total
    said = (
        f"{days.in_words(total)} counted, waiting or planned then, "
        f"of {days.in_words(stage.minimum_minutes)} needed"
    )
    if short <= 0:
        return f"{said}. That is enough."
    return f"{said}. That would leave {days.in_words(short)} short."


def _is_clinical(row: PlannedShift) -> bool:
    return reference.day_type(row.day_type_id).stage_part == "clinical"


def _due(
    placement: Placement, spans: Sequence[tuple[date, date]], going: Sequence[PlannedShift]
) -> list[str]:
    """What the student is due at in some days, whoever keeps it, without what goes off the rota."""
    leaving = {(row.start, row.end) for row in going}
    found: list[Clash] = []
    me = identity(placement.enrolment.person)
    for first, last in spans:
        if first <= last:
            found += clashes(me, days.start_of_day(first), days.end_of_day(last))
    left = [row for row in found if (row.start, row.end) not in leaving]
    said = [
        f"{row.what}, {days.day_date(days.london_day(row.start))}, {days.time_range(row.start, row.end)}"
        for row in left[:SHOWN]
    ]
    if len(left) > SHOWN:
        said.append(f"and {len(left) - SHOWN} more")
    return said or ["Nothing in these days."]
