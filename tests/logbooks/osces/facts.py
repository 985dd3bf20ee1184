"""One fact of every kind of OSCEs, with a row of each of its append-only tables."""

from logbooks.osces import models as osces
from logbooks.osces import sealing
from logbooks.osces.exams import document as documents
from logbooks.osces.exams.document import Document
from school.core.ledger import Draft
from school.core.models import Book, Fact
from tests import records


def examined(network: records.Network) -> list[Fact]:
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
    osces.ExamPlace.objects.create(exam=exam, number=1, kind="station", version=version, minutes=8)
    osces.ExamPlace.objects.create(exam=exam, number=2, kind="rest", minutes=8)
    return made
