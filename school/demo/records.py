"""What the demo's students and educators recorded of one placement: facts, current shifts and the rota to come."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from placements import reference
from placements.actions.confirming import WORDINGS
from placements.hours import counted_minutes
from placements.models import (
    BroughtForward,
    CurrentShift,
    DayNote,
    DayType,
    Induction,
    Placement,
    PlacementStep,
    PlannedShift,
    Shift,
    ShiftDecision,
    Supervision,
)
from placements.standing import AFTER
from school.core import days
from school.core.ledger import Draft
from school.demo.run import Build
from school.demo.sites import INDUCTION
from school.demo.timetable import SHIFT, Day, Stay, lived, worked_days
from school.people.models import Person

QUESTIONS = (
    "The rota shows the university study session from 13:00. Did you stay, or was it a half day?",
    "I have you down as finishing at 15:00 that day. Can you check?",
    "Was the lunch break really this short? Tell me or correct it.",
)


MOVED = "The scanner there is being replaced; agreed with both sites and the student."


@dataclass
class Made:
    """Everything of one placement that is to be written, and who supervises it."""

    educator: Person
    drafts: list[Draft] = field(default_factory=list)
    current: list[CurrentShift] = field(default_factory=list)
    planned: list[PlannedShift] = field(default_factory=list)


def of_placement(
    run: Build, placement: Placement, stay: Stay, educators: list[Person], clinical: DayType
) -> Made:
    """Steps, supervision, induction, shifts, decisions, notes and the rota of a placement."""
    educator = educators[0] if stay.site == 0 else run.rng.choice(educators)
    made = Made(educator)
    _arranged(run, made, placement, stay, educator)
    if stay.year == 1 and run.rng.random() < 0.06:
        _on_paper(run, made, placement, stay, educator)
        return made
    for day in lived(stay, run.today, run.rng):
        if day.note:
            _not_worked(run, made, placement, stay, day)
        else:
            _worked(run, made, placement, stay, day, educator, clinical)
    for ahead in worked_days(stay):
        if ahead >= run.today:
            start, end, pause = _times(stay, Day(ahead, ""))
            made.planned.append(
                PlannedShift(
                    uuid=run.uuid(),
                    placement=placement,
                    day_type=clinical,
                    start=start,
                    end=end,
                    break_minutes=pause,
                )
            )
    return made


def _arranged(run: Build, made: Made, placement: Placement, stay: Stay, educator: Person) -> None:
    book = placement.enrolment.book
    arranged = min(stay.starts - timedelta(days=10 if stay.moved else 40), run.today)
    until = stay.meant_until or stay.ends
    states = [(Placement.State.CONFIRMED, arranged, until)]
    if not stay.moved:
        states.insert(0, (Placement.State.PLANNED, arranged, until))
    if stay.meant_until:
        cut = max(stay.starts, stay.ends - timedelta(days=9))
        states.append((Placement.State.CONFIRMED, cut, stay.ends))
    if placement.state == Placement.State.COMPLETED:
        states.append((Placement.State.COMPLETED, stay.ends, stay.ends))
    for number, (state, known, last) in enumerate(states):
        changed = stay.moved or (stay.meant_until and number == 2)
        step = PlacementStep(
            placement=placement,
            site=placement.site,
            stage=placement.stage,
            state=state,
            starts=stay.starts,
            ends=last,
        )
        made.drafts.append(
            Draft(
                fact=step,
                book=book,
                about_from=stay.starts,
                about_to=last,
                uuid=run.uuid(),
                known_from=known,
                texts={"reason": MOVED} if changed else {},
            )
        )
    supervised = Supervision(
        placement=placement, person=educator, capacity=Supervision.Capacity.PRACTICE_EDUCATOR
    )
    made.drafts.append(
        Draft(
            fact=supervised,
            book=book,
            about_from=stay.starts,
            # Goes on for four weeks, so that the last hours are confirmed.
            about_to=until + timedelta(days=28),
            uuid=run.uuid(),
            known_from=arranged,
        )
    )
    if stay.meant_until:
        fact = Supervision(
            placement=placement,
            person=educator,
            capacity=Supervision.Capacity.PRACTICE_EDUCATOR,
            supersedes=supervised,
        )
        made.drafts.append(
            Draft(
                fact=fact,
                book=book,
                about_from=stay.starts,
                about_to=stay.ends,
                uuid=run.uuid(),
                known_from=cut,
            )
        )
    if stay.starts < run.today:
        made.drafts.append(
            Draft(
                fact=Induction(placement=placement, given_by=educator),
                book=book,
                about_from=stay.starts,
                about_to=stay.starts,
                uuid=run.uuid(),
                known_from=stay.starts,
                texts={"items": "\n".join(INDUCTION)},
            )
        )


def _times(stay: Stay, day: Day) -> tuple[datetime, datetime, int]:
    start, end, pause = SHIFT[stay.year]
    return (
        days.instant(day.day, time(*start)),
        days.instant(day.day, time(19, 30) if day.long else time(*end)),
        pause,
    )


def _worked(
    run: Build,
    made: Made,
    placement: Placement,
    stay: Stay,
    day: Day,
    educator: Person,
    clinical: DayType,
) -> None:
    start, end, pause = _times(stay, day)
    book = placement.enrolment.book
    shift = Shift(
        placement=placement,
        site=placement.site,
        day_type=clinical,
        start=start,
        end=end,
        break_minutes=pause,
    )
    made.drafts.append(
        Draft(
            fact=shift,
            book=book,
            about_from=day.day,
            about_to=day.day,
            uuid=run.uuid(),
            # Long days are sent together, from a desk.
            known_from=run.today if day.long and day.state == "awaiting" else day.day,
        )
    )
    decision = None
    if day.state != "awaiting":
        outcome = ShiftDecision.Outcome(day.state)
        decision = ShiftDecision(
            shift=shift,
            outcome=outcome,
            person=educator,
            capacity=ShiftDecision.Capacity.PRACTICE_EDUCATOR,
            proof=ShiftDecision.Proof.PASSWORD,
            wording=reference.wording(WORDINGS[outcome]),
            breach_seen=day.long,
        )
        queried = outcome == ShiftDecision.Outcome.QUERIED
        made.drafts.append(
            Draft(
                fact=decision,
                book=book,
                about_from=day.day,
                uuid=run.uuid(),
                known_from=min(day.day + timedelta(days=run.rng.randrange(1, 8)), run.today),
                texts={"comment": run.rng.choice(QUESTIONS)} if queried else {},
            )
        )
    made.current.append(
        CurrentShift(
            shift=shift,
            decision=decision,
            enrolment=placement.enrolment,
            placement=placement,
            day_type=clinical,
            state=AFTER[ShiftDecision.Outcome(decision.outcome)] if decision else day.state,
            start=start,
            end=end,
            break_minutes=pause,
            minutes=counted_minutes(start, end, pause),
        )
    )


def _not_worked(run: Build, made: Made, placement: Placement, stay: Stay, day: Day) -> None:
    start, end, pause = _times(stay, day)
    made.drafts.append(
        Draft(
            fact=DayNote(
                placement=placement,
                kind=day.note,
                expected_minutes=counted_minutes(start, end, pause),
            ),
            book=placement.enrolment.book,
            about_from=day.day,
            about_to=day.day,
            uuid=run.uuid(),
            known_from=day.day,
        )
    )


def _on_paper(run: Build, made: Made, placement: Placement, stay: Stay, educator: Person) -> None:
    made.drafts.append(
        Draft(
            fact=BroughtForward(
                enrolment=placement.enrolment,
                stage=placement.stage,
                site=placement.site,
                part=DayType.Part.CLINICAL,
                minutes=12 * 60,
                sighted_by=educator,
            ),
            book=placement.enrolment.book,
            about_from=stay.starts,
            about_to=stay.ends,
            uuid=run.uuid(),
            known_from=min(stay.ends, run.today),
            texts={"signed_by": "R. Formerly", "scan": "paper log sheet, page 1"},
        )
    )
