"""Where marks come from: a file that somebody keeps for a month, or the closed sheets of an exam. Either is examined the same way."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.urls import reverse

from logbooks.osces.analysis.analysed import Analysis, analyse
from logbooks.osces.analysis.compared import Given
from logbooks.osces.analysis.marks import Mark, Marks, tabled
from logbooks.osces.day import announced
from logbooks.osces.day.announced import Announced
from logbooks.osces.day.queries import Marked, announced_of, candidates, marked
from logbooks.osces.examined import kept
from logbooks.osces.examined.kept import Wanted
from logbooks.osces.exams.queries import kept as kept_exams
from logbooks.osces.marking import queries as marking
from logbooks.osces.marking.queries import Closed
from logbooks.osces.models import Candidate, Exam, ExamPlace, Timetabled
from logbooks.osces.release import queries as release
from logbooks.osces.results import history, judging, quality, queries
from logbooks.osces.results.quality import Finding
from logbooks.osces.results.queries import Decided
from school.core import clock


class Source(ABC):
    """Marks to examine. `at` is what the addresses of its pages are made with, and `borderline` the grade, where the marks say it."""

    name: str
    at: Mapping[str, UUID]
    tables: tuple[str, ...] = ("stations", "marks")
    exam: Exam | None = None

    @property
    def key(self) -> UUID:
        """What its files are kept under."""
        return next(iter(self.at.values()))

    def url(self, page: str, **more: object) -> str:
        """The address of one of its pages."""
        return reverse(page, kwargs={**self.at, **more})

    @property
    def borderline(self) -> Fraction | None:
        """None where whoever examines says it."""
        return None

    @property
    def decision(self) -> Decided | None:
        """What a board decided on them; nothing of a file."""
        return None

    @property
    @abstractmethod
    def rows(self) -> tuple[Mark, ...]:
        """Its marks."""

    @cached_property
    def marks(self) -> Marks:
        """The same as a table."""
        return tabled(self.rows)

    @cached_property
    def given(self) -> Given:
        """What is known of the stations beside their marks."""
        return Given()

    def analysed(self, wanted: Wanted) -> Analysis:
        """Every figure; about a second for 200 candidates at 20 stations."""
        earlier = self.given.earlier
        return analyse(self.rows, wanted.borderline, k=wanted.sem, by=wanted.group, earlier=earlier)

    def reported(self, wanted: Wanted) -> Analysis:
        """The same with all that is amiss with the data, for files and paper."""
        return self.analysed(wanted)


class FileSource(Source):
    """A file that was sent."""

    def __init__(self, key: UUID, name: str) -> None:
        self.at, self.name = {"key": key}, name

    @cached_property
    def rows(self) -> tuple[Mark, ...]:
        """Read from the file."""
        return kept.marks(self.key)


class ExamSource(Source):
    """A frozen exam. Candidates are numbers; grades count from each station's borderline grade as they do at the first."""

    tables = ("stations", "marks", "sheets", "items")
    exam: Exam

    def __init__(self, exam: Exam) -> None:
        self.at, self.name, self.exam = {"exam": exam.uuid}, exam.title, exam

    @cached_property
    def marked(self) -> Sequence[Marked]:
        """Its marked stations; one query."""
        return marked(self.exam)

    @cached_property
    def every(self) -> Sequence[Closed]:
        """Its closed sheets, those of candidates who have withdrawn too; one query."""
        return marking.closed(self.exam, self.marked)

    @property
    def closed(self) -> Sequence[Closed]:
        """The closed sheets that count."""
        return [one for one in self.every if not one.closing.sheet.candidate.withdrawn]

    @cached_property
    def announced(self) -> Announced | None:
        """Its timetable; one query unless it was read with the exam."""
        told = getattr(self.exam, "told", None)
        return announced.from_canonical(told) if told else announced_of(self.exam)

    @property
    def goes_on_until(self) -> datetime | None:
        """When its last visit ends, as long as that is to come."""
        visits = self.announced.timetable.visits if self.announced else ()
        ends = max((one.ends for one in visits), default=None)
        return ends if ends and ends > clock.now() else None

    @cached_property
    def allocated(self) -> Collection[int]:
        """The keys of the sheets whose examiner was to examine there; one query at most."""
        return marking.allocated(self.closed, self.announced)

    @cached_property
    def candidates(self) -> Sequence[Candidate]:
        """Those who are examined, by number; one query."""
        return list(release.known(candidates(self.exam)))

    @cached_property
    def examiners(self) -> Mapping[int, str]:
        """What they are called, by primary key."""
        return marking.examiner_names([one.closing.sheet.examiner for one in self.closed])

    @property
    def borderline(self) -> Fraction:
        """That of the first station."""
        return Fraction(self.marked[0].document.borderline.number)

    @cached_property
    def rows(self) -> tuple[Mark, ...]:
        """Of its closed sheets; of an earlier exam where a candidate passed a station, keeps it, and has no closed sheet here."""
        shift = {one.short: self.borderline - one.document.borderline.number for one in self.marked}
        own = [
            replace(row, grade=None if row.grade is None else row.grade + shift[row.station])
            for row in marking.marks_of(self.closed, self.allocated)
        ]
        if not own:
            return ()
        there = {(row.candidate, row.station) for row in own}
        kept = release.carried_by(self.exam, self.marked, self.candidates, self.others)
        carried = [
            Mark(str(number), "", short, "", Fraction(one.most), one.mark, None, carried=one.exam)
            for number, passed in kept.items()
            for short, one in passed.items()
            if (str(number), short) not in there
        ]
        return (*own, *carried)

    @cached_property
    def decided(self) -> Mapping[int, Decided]:
        """What boards decided about this exam and others with its stations, by the exam's primary key; one query."""
        return queries.decided(history.stations_of(self.marked))

    @cached_property
    def others(self) -> Mapping[int, Sequence[ExamPlace]]:
        """The marked stations of those others, by the exam's primary key; one query, none where there are none."""
        return history.places_of([key for key in self.decided if key != self.exam.pk])

    @property
    def decision(self) -> Decided | None:
        """What the board decided last."""
        return self.decided.get(self.exam.pk)

    @cached_property
    def given(self) -> Given:
        """Earlier cuts, and what judges expect; one query."""
        return Given(
            earlier=history.earlier_cuts(self.exam, self.marked, self.decided, self.others),
            judged=judging.cuts(self.exam, self.marked),
        )

    @cached_property
    def findings(self) -> list[Finding]:
        """The data-quality report; two queries beside what it is made of."""
        return quality.findings(
            quality.Material(
                self.exam,
                self.rows,
                self.every,
                self.marked,
                self.announced,
                self.allocated,
                self.candidates,
                self.borderline,
                self.given.earlier,
            )
        )

    def reported(self, wanted: Wanted) -> Analysis:
        """With the data-quality report."""
        return replace(self.analysed(wanted), notes=tuple(one.note for one in self.findings))


def of_file(owner: UUID, key: UUID) -> FileSource | None:
    """The file of somebody; none of another's, or when it is gone; one query."""
    name = kept.name_of(owner=owner, key=key)
    return None if name is None else FileSource(key, name)


def of_exam(key: UUID) -> ExamSource | None:
    """A frozen exam with its timetable; one query."""
    rows = kept_exams().filter(uuid=key, state=Exam.State.FROZEN)
    told = Timetabled.objects.filter(exam=OuterRef("pk"), superseded_by=None)
    found = rows.annotate(told=Subquery(told.values("document")[:1])).first()
    return ExamSource(found) if found else None
