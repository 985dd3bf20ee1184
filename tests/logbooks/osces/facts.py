"""One fact of every kind of OSCEs, with a row of each of its append-only tables."""

from datetime import UTC, datetime
from uuid import UUID

from logbooks.osces import models as osces
from logbooks.osces import sealing
from logbooks.osces.day.announced import Announced
from logbooks.osces.exams import document as documents
from logbooks.osces.exams.document import Document
from logbooks.osces.timetable.exam import Exam as Given
from logbooks.osces.timetable.exam import Timetable
from school.core.ledger import Draft
from school.core.models import Book, Fact
from tests import records


def examined(network: records.Network) -> list[Fact]:
    """A frozen exam, its day, a mark sheet that was closed and amended, and what came of it."""
    made, exam, place = _frozen(network)
    candidate = osces.Candidate.objects.create(exam=exam, enrolment=network.enrolment, number=101)
    return made + _of_the_day(network, exam, candidate) + _of_results(network, place, candidate)


def _frozen(network: records.Network) -> tuple[list[Fact], osces.Exam, osces.ExamPlace]:
    """A frozen exam with a marked station and a rest."""
    alice, bob = network.alice, network.bob
    station = osces.Station.objects.create(
        title="Half-body preparation", state="none", written_by=alice
    )
    version = osces.StationVersion.objects.create(
        station=station,
        number=1,
        published_on=records.DAY,
        digest="a" * 64,
        document="{}",
        written_by=alice,
        reviewed_by=bob,
    )
    text = sealing.canonical(Document(framework="What “matters” \\ 🩻"))
    exam = osces.Exam.objects.create(
        book=records.book(Book.Kind.EVENT),
        title="OSCE",
        day=records.DAY,
        design=text,
        state="frozen",
        written_by=alice,
    )
    fact = osces.ExamFrozen(
        exam=exam,
        document=text,
        digest=sealing.digest(documents.from_canonical(text)),
        written_by=alice,
    )
    made = records.write(Draft(fact=fact, book=exam.book, about_from=records.DAY), by=bob.uuid)
    place = osces.ExamPlace.objects.create(
        exam=exam, number=1, kind="station", version=version, minutes=8
    )
    osces.ExamPlace.objects.create(exam=exam, number=2, kind="rest", minutes=8)
    return made, exam, place


def _of_the_day(
    network: records.Network, exam: osces.Exam, candidate: osces.Candidate
) -> list[Fact]:
    said = Announced(Given((), ()), Timetable((), ()))
    return _write(
        network,
        exam.book,
        osces.ConflictDeclared(exam=exam, examiner=network.bob, candidate=candidate, holds=True),
        osces.Timetabled(exam=exam, document=sealing.canonical(said), digest=sealing.digest(said)),
    )


def _of_results(
    network: records.Network, place: osces.ExamPlace, candidate: osces.Candidate
) -> list[Fact]:
    sheet = osces.MarkSheet.objects.create(
        book=records.book(Book.Kind.MARK_SHEET),
        exam=place.exam,
        candidate=candidate,
        place=place,
        examiner=network.bob,
        site="Elm Hospital",
        circuit="Morning A",
    )
    event = osces.MarkEvent(
        sheet=sheet,
        device=UUID(int=5),
        number=1,
        part="comment",
        said="words",
        device_at=datetime(2026, 11, 4, 17, 0, 0, 123456, tzinfo=UTC),
    )
    text = '{"grade": 3}'
    closed = osces.SheetClosed(
        sheet=sheet, marks=text, digest=sealing.digest_of(text), total=4, grade=3
    )
    asked = osces.AmendmentAsked(sheet=sheet, of=closed, marks=text, digest=sealing.digest_of(text))
    left = osces.AmendmentAsked(sheet=sheet, of=closed, marks=text, digest=sealing.digest_of(text))
    sheets = _write(
        network,
        sheet.book,
        (event, {"words": "Calm — with “fever”."}),
        closed,
        (asked, {"reason": "A slip."}),
        (left, {"reason": "A slip."}),
        osces.AmendmentRefused(asked=left),
        osces.SheetClosed(
            sheet=sheet,
            marks=text,
            digest=sealing.digest_of(text),
            total=None,
            grade=3,
            supersedes=closed,
            asked=asked,
        ),
    )
    standard = osces.StandardSet(exam=place.exam, document="{}", digest=sealing.digest_of("{}"))
    board = _write(
        network,
        place.exam.book,
        osces.StationRated(place=place, ratings="{}", digest=sealing.digest_of("{}")),
        standard,
        osces.ResultsReleased(standard=standard, compared=True),
    )
    released = board[-1]
    outcome = osces.Outcome(
        candidate=candidate,
        released=released,
        passed=True,
        document="{}",
        digest=sealing.digest_of("{}"),
    )
    appeal = osces.Appealed(outcome=outcome)
    return [
        *sheets,
        *board,
        *_write(
            network,
            candidate.enrolment.book,
            outcome,
            (appeal, {"words": "I was ill."}),
            (osces.AppealAnswered(appeal=appeal, upheld=False), {"words": "We looked."}),
        ),
    ]


def _write(
    network: records.Network, book: Book, *facts: Fact | tuple[Fact, dict[str, str]]
) -> list[Fact]:
    drafts = []
    for one in facts:
        fact, texts = one if isinstance(one, tuple) else (one, {})
        drafts.append(Draft(fact=fact, book=book, about_from=records.DAY, texts=texts))
    return records.write(*drafts, by=network.alice.uuid)
