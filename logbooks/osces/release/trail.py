"""How each mark of a candidate came about: every tap, closing and amendment, and what the board made of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Subquery

from logbooks.osces.day.queries import Marked
from logbooks.osces.models import (
    AmendmentAsked,
    Candidate,
    ExamPlace,
    MarkEvent,
    MarkSheet,
    Outcome,
    SheetClosed,
)
from logbooks.osces.release.queries import Asked
from logbooks.osces.release.shown import OUTCOMES, number
from logbooks.osces.results.decision import Decision, from_canonical
from logbooks.osces.stations import document as stations
from school.core.models import Fact, PrivateText
from school.people.models import Person

SAID = {
    MarkEvent.Said.NOT_OBSERVED: "not observed",
    MarkEvent.Said.CLEARED: "taken back",
    MarkEvent.Said.WORDS: "written",
}


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened: when the server had it, who did it, what it was, and what there is to say of it.

    `device_at` is what the device's clock said, and `how` whether it came from paper, or the device and its count.
    """

    at: datetime
    by: str
    what: str
    hash: str
    how: str = ""
    device_at: datetime | None = None
    words: str = ""
    notes: Sequence[str] = ()
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One mark sheet with its steps, the earliest first."""

    station: Marked
    row: MarkSheet
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True)
class Trail:
    """The sheets of a candidate by station, what came of them, the appeals, the newest first, and who did any of it by their UUIDs."""

    sheets: Sequence[Sheet]
    board: Sequence[Step]
    appeals: Sequence[Asked]
    people: Mapping[UUID, Person]


def of(candidate: Candidate, *, words: bool) -> Trail:
    """The whole trail of a candidate, in seven queries; what people wrote in their own words only where `words` says so."""
    places = ExamPlace.objects.filter(
        exam=OuterRef("exam"), kind=ExamPlace.Kind.STATION, number__lte=OuterRef("place__number")
    )
    count = places.order_by().values("exam").annotate(number_of=Count("pk")).values("number_of")
    sheets = list(
        candidate.sheets.select_related("examiner", "place__version")
        .annotate(order=Subquery(count))
        .order_by("place__number", "pk")
    )
    events = list(MarkEvent.objects.filter(sheet__in=sheets).order_by("pk"))
    asked = list(AmendmentAsked.objects.filter(sheet__in=sheets).select_related("refused__entry"))
    closings = list(SheetClosed.objects.filter(sheet__in=sheets).order_by("pk"))
    outcomes = list(
        candidate.outcomes.select_related(
            "released__entry", "released__standard__entry", "appeal__entry", "appeal__answer__entry"
        ).order_by("pk")
    )
    told = _Told.of([*events, *asked, *closings], outcomes, words=words)
    found = []
    for row in sheets:
        version = row.place.version
        assert version  # sheets are of marked stations
        station = Marked(row.order, row.place, stations.from_canonical(version.document))
        own = [one for one in events if one.sheet_id == row.pk]
        shut = [one for one in closings if one.sheet_id == row.pk]
        steps = [
            *told.taps(own, station, shut[0].pk if shut else None),
            *told.closings(shut, station),
            *told.amendments([one for one in asked if one.sheet_id == row.pk]),
        ]
        found.append(Sheet(station, row, _in_turn(steps)))
    board = _in_turn(told.board(candidate, outcomes))
    return Trail(found, board, list(told.appeals(reversed(outcomes))), told.people)


Turn = tuple[int, Step]


def _in_turn(turns: Iterable[Turn]) -> list[Step]:
    """Steps in the order in which the ledger had them, each once."""
    return [step for _, step in sorted(dict(turns).items())]


@dataclass(frozen=True, slots=True)
class _Told:
    """Who people are by their UUIDs, and private texts by the fact."""

    people: Mapping[UUID, Person]
    texts: Mapping[int, str]

    @classmethod
    def of(cls, facts: Sequence[Any], outcomes: Sequence[Outcome], *, words: bool) -> "_Told":
        every = [*facts, *(one.refused for one in facts if hasattr(one, "refused"))]
        for outcome in outcomes:
            every += [outcome.released, outcome.released.standard]
            if hasattr(outcome, "appeal"):
                every.append(outcome.appeal)
                every += [outcome.appeal.answer] if hasattr(outcome.appeal, "answer") else []
        people = Person.objects.filter(uuid__in={one.entry.actor for one in every})
        rows = PrivateText.objects.filter(entry__in=[one.pk for one in every] if words else ())
        return cls({one.uuid: one for one in people}, dict(rows.values_list("entry", "text")))

    def step(self, fact: Fact, what: str, **more: Any) -> Turn:
        entry = fact.entry
        by = self.people.get(entry.actor)
        step = Step(
            entry.recorded_at,
            by.name if by else "",
            what,
            entry.hash,
            words=self.texts.get(fact.pk, ""),
            **more,
        )
        return fact.pk, step

    def taps(
        self, events: Collection[MarkEvent], station: Marked, closed: int | None
    ) -> Iterable[Turn]:
        """The taps on a sheet; `closed` is the key of its first closing."""
        seen = {uuid for one in events for uuid in one.seen.split()}
        for one in events:
            notes = ["Followed by a later one"] if str(one.entry.uuid) in seen else []
            if closed is not None and one.pk > closed:
                notes.append("Arrived after the sheet was closed")
            how = "typed from paper" if one.paper else f"device {one.device.hex[:4]}, number {one.number}"  # fmt: skip
            yield self.step(
                one, _tapped(one, station), how=how, device_at=one.device_at, notes=notes
            )

    def closings(self, closings: Collection[SheetClosed], station: Marked) -> Iterable[Turn]:
        """The closings of a sheet, the first and those by amendment."""
        for one in closings:
            total = "no mark" if one.total is None else f"{one.total} of {station.document.most}"
            done = "Amended" if one.supersedes_id else "Closed"
            grade = _grade(station, one.grade)
            how = "typed from paper" if one.paper else ""
            yield self.step(one, f"{done}: {total}, {grade}", how=how, digest=one.digest)

    def amendments(self, asked: Collection[AmendmentAsked]) -> Iterable[Turn]:
        """What was asked to be amended, and what was refused of it."""
        for one in asked:
            yield self.step(one, "An amendment was asked for", digest=one.digest)
            if hasattr(one, "refused"):
                yield self.step(one.refused, "The amendment was refused")

    def board(self, candidate: Candidate, outcomes: Collection[Outcome]) -> Iterable[Turn]:
        """The standards that outcomes rest on, their releases, and the outcomes."""
        for one in outcomes:
            standard = one.released.standard
            said: Decision = from_canonical(standard.document)
            mark = number(said.pass_mark)
            yield self.step(standard, f"Standard set: pass mark {mark}", digest=standard.digest)
            yield self.step(one.released, "Results released")
            result = said.result(candidate.uuid)
            total = f", total {number(result.total)}" if result and result.total else ""
            notes = [result.carried] if result and result.carried else []
            yield self.step(one, f"{OUTCOMES[one.passed]}{total}", digest=one.digest, notes=notes)

    def appeals(self, outcomes: Iterable[Outcome]) -> Iterable[Asked]:
        """The appeals against outcomes."""
        for one in outcomes:
            if hasattr(one, "appeal"):
                answer = getattr(one.appeal, "answer", None)
                answered = self.texts.get(answer.pk, "") if answer else ""
                yield Asked(one.appeal, self.texts.get(one.appeal.pk, ""), answer, answered)


def _tapped(event: MarkEvent, station: Marked) -> str:
    """What a tap was about, and what it said."""
    items = {str(item.key): item for item in station.document.items}
    item = items.get(event.part)
    if event.value is None:
        said = SAID[MarkEvent.Said(event.said)]
    elif item:
        said = f"{event.value} of {item.most}"
    else:
        said = _grade(station, event.value)
    called = {"grade": "Overall grade", "comment": "Comment"}
    about = item.words if item else called.get(event.part, event.part)
    return f"{about}: {said}"


def _grade(station: Marked, grade: int) -> str:
    return next(
        (one.name for one in station.document.scale if one.number == grade), f"grade {grade}"
    )
