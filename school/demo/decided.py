"""The demo's OSCE that is over: all sheets closed, a standard set and released, and an appeal that waits."""

import json
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from logbooks.osces import sealing
from logbooks.osces.analysis.compared import Method, Rounding, Standard
from logbooks.osces.day.queries import Marked
from logbooks.osces.examined.source import ExamSource
from logbooks.osces.marking import amending
from logbooks.osces.marking.events import Tap
from logbooks.osces.models import Exam, Outcome, SheetClosed, StandardSet
from logbooks.osces.release import actions as releasing
from logbooks.osces.results import actions as deciding
from logbooks.osces.results.decided import Choice, worked
from school.demo.marked import Marker, marker, visits
from school.demo.run import Build

# By the number of the visit: the item that was not observed, a mark that came late, and one that is amended.
UNSEEN = {17: 5, 61: 4}
LATE, AMENDED = 40, 77
REASON = "I pressed one mark less than I meant: all of it was done. My note on paper says so."
ATTENDANCE = (
    "Ines Draftly, chair",
    "Owen Pretendly",
    "Hassan Modelby",
    "Petra Mockford, external examiner",
)
REASONS = (
    "Borderline regression, as the programme’s handbook asks. With 20 candidates and six stations the cut is uncertain, "
    "so one standard error is added, and the mark is rounded to a whole one. "
    "Four stations of six, so that nobody makes up for unsafe work at three."
)
# What the board says to each kind of finding.
EXPLAINED = {
    "critical item without marks": "Looked at one by one. Such a station counts with the marks it has; the tutor talks to the candidate about it.",
    "item not observed": "The examiner was called away by the alarm in the corridor. It lowers no mark that was given.",
    "late mark": "The tablet had no signal when the sheet was closed. The examiner confirms what was closed, so it stays.",
}
LOOKED_AT = "Looked at together, and nothing speaks against the marks as they are."
APPEAL = (
    "At the third station the decay table on the bench was for another tracer until the examiner changed it, "
    "and I lost about two minutes. Please look at my mark there again."
)


def build_decided(run: Build, exam: Exam) -> None:
    """Marks, ratings, the board's decision, its release, and the appeal of somebody who did not pass."""
    _mark(run, marker(run, exam))
    _rate(run, ExamSource(exam))
    standard = _set(run, ExamSource(exam))
    releasing.release(by=run.personas["school_educator_2"], standard=standard, uuid=run.uuid())
    failed = Outcome.objects.filter(candidate__exam=exam, passed=False)
    outcome = failed.select_related("candidate__enrolment__person").order_by("pk")[0]
    releasing.appeal(
        by=outcome.candidate.enrolment.person, outcome=outcome, words=APPEAL, uuid=run.uuid()
    )


def _mark(run: Build, mark: Marker) -> None:
    for number, visit in enumerate(visits(mark)):
        sheet = mark.sheet(visit)
        taps = mark.taps(sheet, visit, UNSEEN.get(number, 0))
        mark.keep(sheet, visit, taps)
        mark.close(sheet, visit)
        if number == LATE:
            mark.keep(sheet, visit, [_pressed_again(run, mark.stations[visit.station], taps)])
    _amend(run, mark)


def _pressed_again(run: Build, station: Marked, taps: Sequence[Tap]) -> Tap:
    """The first item, pressed once more with another mark."""
    before, last, item = taps[0], taps[-1], station.document.items[0]
    other = next(one for one in item.choices if one != before.value)
    return replace(
        before, uuid=run.uuid(), number=last.number + 1, value=other, seen=frozenset({before.uuid}), at=last.at
    )  # fmt: skip


def _amend(run: Build, mark: Marker) -> None:
    """One item of a sheet gets its marks: its examiner asks, and an educator accepts."""
    places = {one.place.pk: one for one in mark.stations.values()}
    rows = SheetClosed.objects.filter(sheet__exam=mark.exam).select_related(
        "sheet__examiner", "sheet__book", "sheet__exam"
    )
    for closed in rows.order_by("pk")[AMENDED:]:
        document = places[closed.sheet.place_id].document
        marks = json.loads(closed.marks)
        for item in document.items:
            if marks[str(item.key)] == item.most - 1:
                asked = amending.ask(
                    by=closed.sheet.examiner,
                    closed=closed,
                    document=document,
                    marks={**marks, str(item.key): item.most},
                    reason=REASON,
                    uuid=run.uuid(),
                )
                amending.accept(by=run.personas["school_educator"], asked=asked, uuid=run.uuid())
                return


def _rate(run: Build, source: ExamSource) -> None:
    """What both educators expect of a borderline candidate, in steps of 5 per cent."""
    for key in ("school_educator", "school_educator_2"):
        for station in source.marked:
            shares = {
                item.key: 50 * run.rng.randint(*((13, 18) if item.critical else (8, 13)))
                for item in station.document.items
            }
            deciding.rate(
                by=run.personas[key], source=source, station=station, shares=shares, uuid=run.uuid()
            )


def _set(run: Build, source: ExamSource) -> StandardSet:
    choice = Choice(
        standard=Standard(Method.REGRESSION, k=Fraction(1), minimum=4, rounding=Rounding.NEAREST),
        attendance=ATTENDANCE,
        reasons=REASONS,
        explained={one.key: EXPLAINED.get(one.kind, LOOKED_AT) for one in source.findings},
        comparison=True,
        resits_carry=True,
    )
    return deciding.set_standard(
        by=run.personas["school_educator"],
        source=source,
        choice=choice,
        seen=sealing.digest(worked(source, choice).decision),
        uuid=run.uuid(),
    )
