"""What speaks against a placement: its dates, the site's places, another placement, an interruption of studies, the site's audit."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from placements import interruption_queries
from placements.models import Enrolment, Placement, PlaceOffer, SiteAudit, Stage
from school.core import days
from school.people.models import Site

State = Placement.State


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a student cannot be placed as asked: the rule, and the sentence to show before saving."""

    rule: str
    sentence: str


def problems(
    *,
    enrolment: Enrolment,
    stage: Stage,
    site: Site,
    starts: date,
    ends: date,
    ignoring: Collection[Placement] = (),
) -> list[Problem]:
    """Everything that speaks against a placement, so that a page can show it before it is saved.

    `ignoring` are placements that give way to it: the one whose dates change, or those that end as it begins.
    """
    there = any((row.enrolment_id, row.site_id) == (enrolment.pk, site.pk) for row in ignoring)
    checks = (
        rule_dates(enrolment, starts, ends),
        rule_capacity(stage, site, starts, ends, ignoring),
        rule_one_place_at_a_time(enrolment, starts, ends, ignoring),
        rule_not_interrupted(enrolment, starts, ends, ignoring),
        # An audit that ran out meanwhile does not end a placement that is there already.
        None if there else rule_audited(site, starts),
    )
    return [problem for problem in checks if problem is not None]


def rule_dates(enrolment: Enrolment, starts: date, ends: date) -> Problem | None:
    """A placement begins before it ends, inside the student's enrolment."""
    if ends < starts:
        return Problem("dates", "The last day must not be before the first.")
    if starts < enrolment.starts or ends > enrolment.ends:
        return Problem(
            "dates",
            f"{enrolment.person.name} is enrolled from {days.long_date(enrolment.starts)} to "
            f"{days.long_date(enrolment.ends)}. The placement must lie within that.",
        )
    return None


def rule_capacity(
    stage: Stage, site: Site, starts: date, ends: date, ignoring: Collection[Placement]
) -> Problem | None:
    """On every day a site has no more students of a stage than places it offers."""
    offers = PlaceOffer.objects.filter(site=site, stage=stage, starts__lte=ends, ends__gte=starts)
    taken = (
        Placement.objects.filter(site=site, stage=stage, starts__lte=ends, ends__gte=starts)
        .exclude(state=State.WITHDRAWN)
        .exclude(pk__in=[row.pk for row in ignoring])
    )
    places = [(offer.starts, offer.ends, offer.places) for offer in offers]
    used = [(row.starts, row.ends, 1) for row in taken]
    # The number only changes where an offer or a placement begins or has just ended.
    turns = {starts}
    for first, last, _ in (*places, *used):
        turns |= {first, last + days.DAY}
    for day in sorted(turn for turn in turns if starts <= turn <= ends):
        free = _on(places, day) - _on(used, day)
        if free < 1:
            return Problem(
                "capacity",
                f"{site.name} has no free place for {stage} on {days.long_date(day)}: "
                f"{_on(used, day)} of {_on(places, day)} taken.",
            )
    return None


def _on(intervals: Sequence[tuple[date, date, int]], day: date) -> int:
    return sum(number for first, last, number in intervals if first <= day <= last)


def rule_one_place_at_a_time(
    enrolment: Enrolment, starts: date, ends: date, ignoring: Collection[Placement]
) -> Problem | None:
    """A student is at one placement at a time; the last day of one and the first of the next differ."""
    others = (
        Placement.objects.filter(enrolment=enrolment, starts__lte=ends, ends__gte=starts)
        .exclude(state=State.WITHDRAWN)
        .exclude(pk__in=[row.pk for row in ignoring])
    )
    other = others.select_related("site").first()
    if other is None:
        return None
    return Problem(
        "overlap",
        f"{enrolment.person.name} is at {other.site.name} from {days.long_date(other.starts)} to "
        f"{days.long_date(other.ends)}.",
    )


def rule_not_interrupted(
    enrolment: Enrolment, starts: date, ends: date, ignoring: Collection[Placement]
) -> Problem | None:
    """Nobody is placed on days of an interruption; days that the student's own placements hold already stay."""
    own = [row for row in ignoring if row.enrolment_id == enrolment.pk]
    # One whose dates change may carry its new ones already; any other holds the days it says.
    if any(
        row.starts <= starts and ends <= row.ends and (row.starts, row.ends) != (starts, ends)
        for row in own
    ):
        return None
    rows = interruption_queries.in_days(starts, ends).filter(enrolment=enrolment)
    found = [(row.entry.about_from, row.entry.about_to) for row in rows]
    if not found:
        return None
    held = list(
        Placement.objects.filter(pk__in=[row.pk for row in own])
        .order_by()
        .values_list("starts", "ends")
    )
    for first, last in sorted(found, key=lambda one: one[0]):
        day, until = max(first, starts), min(last or ends, ends)
        if any(begin <= day and until <= end for begin, end in held):
            continue
        return Problem(
            "interrupted",
            f"Studies of {enrolment.person.name} are interrupted "
            f"{interruption_queries.in_words(first, last)}. Choose days outside that, or record "
            "that studies go on.",
        )
    return None


def rule_audited(site: Site, starts: date) -> Problem | None:
    """A site takes a new placement only while its quality audit holds (24 months, ARC / SLEC audit)."""
    newest = SiteAudit.objects.filter(site=site).order_by("-entry__about_to").first()
    if newest is None:
        return Problem(
            "audit", f"{site.name} has no quality audit, so it cannot take a new placement."
        )
    until = newest.entry.about_to
    if until is not None and until < starts:
        return Problem(
            "audit",
            f"The quality audit of {site.name} ends on {days.long_date(until)}, before the "
            "placement begins.",
        )
    return None
