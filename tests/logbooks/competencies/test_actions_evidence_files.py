"""Files beside an examination: what is kept, who opens them, and what is refused."""

from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from logbooks.competencies import evidence, log_queries, standing
from logbooks.competencies.actions import evidence_files, log
from logbooks.competencies.evidence import pieces
from logbooks.competencies.models import EvidenceFile, LogEntry, SignOffRequest
from school.core import documents
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.evidence import EvidenceRefused
from school.people.models import Mail
from tests import factories as make
from tests.logbooks.competencies.book import LogBook, make_log_book
from tests.logbooks.competencies.signers import Signers, make_signers
from tests.pdfs import kept_pdf

pytestmark = pytest.mark.django_db

PDF = kept_pdf()


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def book() -> LogBook:
    return make_log_book()


@pytest.fixture
def entry(book: LogBook) -> LogEntry:
    return book.log()


def photograph() -> bytes:
    notes = Image.Exif()
    notes[0x010F] = "A telephone"
    made = BytesIO()
    Image.new("RGB", (40, 20), "teal").save(made, format="jpeg", exif=notes)
    return made.getvalue()


def put(book: LogBook, entry: LogEntry, data: bytes = PDF) -> EvidenceFile:
    return evidence_files.put_beside(by=book.student, entry=entry, data=data, uuid=uuid4())


def browser(book: LogBook) -> Client:
    client = Client()
    client.force_login(book.student.user)
    return client


def test_picture_is_kept_without_what_the_camera_wrote(book: LogBook, entry: LogEntry) -> None:
    file = put(book, entry, photograph())
    data = log_queries.content_of(file)
    assert data is not None
    with Image.open(BytesIO(data)) as picture:
        assert dict(picture.getexif()) == {}
    assert (file.content_type, file.size, file.digest) == (
        "image/jpeg",
        len(data),
        documents.digest(data),
    )


def test_same_file_sent_twice_is_one(book: LogBook, entry: LogEntry) -> None:
    uuid = uuid4()
    first, second = (
        evidence_files.put_beside(by=book.student, entry=entry, data=photograph(), uuid=uuid)
        for _ in range(2)
    )
    assert first == second


def test_what_is_no_picture_and_no_pdf_is_refused_with_the_reason(
    book: LogBook, entry: LogEntry
) -> None:
    with pytest.raises(EvidenceRefused, match="no PDF, PNG or JPEG"):
        put(book, entry, b"<svg/>")
    assert not EvidenceFile.objects.exists()


def test_nobody_puts_a_file_into_another_log_book(book: LogBook, entry: LogEntry) -> None:
    file = put(book, entry)
    with pytest.raises(NotAllowed):
        evidence_files.put_beside(by=book.educator, entry=entry, data=PDF, uuid=uuid4())
    with pytest.raises(NotAllowed):
        evidence_files.take_away(by=book.educator, file=file, uuid=uuid4())
    assert log_queries.content_of(file) == PDF


def test_examination_has_a_few_files_at_once(book: LogBook, entry: LogEntry) -> None:
    files = [put(book, entry) for _ in range(evidence_files.MOST)]
    with pytest.raises(EvidenceRefused, match="Take one away first"):
        put(book, entry)
    evidence_files.take_away(by=book.student, file=files[0], uuid=uuid4())
    assert put(book, entry)


def test_nothing_is_put_beside_what_was_taken_back(book: LogBook, entry: LogEntry) -> None:
    log.take_back(by=book.student, entry=entry, uuid=uuid4())
    with pytest.raises(DomainError, match="was taken back"):
        put(book, entry)


def test_files_stay_beside_a_corrected_examination(book: LogBook, entry: LogEntry) -> None:
    file = put(book, entry)
    assert list(log_queries.files_of(book.log(corrects=entry, role="direct"))) == [file]


def test_file_taken_away_is_gone_and_on_record(
    book: LogBook, entry: LogEntry, django_capture_on_commit_callbacks: object
) -> None:
    file = put(book, entry)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        gone = evidence_files.take_away(by=book.student, file=file, uuid=uuid4())
    assert (gone.withdrawn, gone.supersedes, gone.digest) == (True, file, file.digest)
    assert log_queries.content_of(file) is None
    assert list(log_queries.files_of(entry)) == []
    with pytest.raises(Conflict):
        evidence_files.take_away(by=book.student, file=file, uuid=uuid4())


# What was signed with it


@pytest.fixture
def here() -> Signers:
    return make_signers()


def beside(here: Signers, entry: LogEntry) -> EvidenceFile:
    return evidence_files.put_beside(by=here.amara, entry=entry, data=PDF, uuid=uuid4())


def named(text: str) -> list[UUID]:
    return [piece.uuid for piece in pieces(text)]


def waits(here: Signers) -> SignOffRequest:
    row = here.row(1)
    assert row is not None
    assert row.request is not None
    return row.request


def test_files_are_evidence_with_their_examination(here: Signers) -> None:
    entry = here.book.log(touched=("A1",))
    file = beside(here, entry)
    [asked] = here.asked(1, evidence=(entry,))
    [signed] = here.signed(1)
    line = f"{file.entry.uuid} {file.entry.hash}"
    assert asked.evidence.splitlines() == [f"{entry.entry.uuid} {entry.entry.hash}", line]
    assert signed.evidence == asked.evidence


def test_file_put_there_after_the_sign_off_waits_beside_it(here: Signers) -> None:
    entry = here.book.log(touched=("A1",))
    here.asked(1, evidence=(entry,))
    [signed] = here.signed(1)
    file = beside(here, entry)
    assert (here.state(1), waits(here).because) == ("achieved", "changed")
    assert named(waits(here).evidence) == [entry.uuid, file.uuid]
    assert named(signed.evidence) == [entry.uuid]
    assert Mail.objects.filter(subject__contains="was changed").count() == 1
    assert standing.rebuild(here.enrolment) == []


def test_signed_file_taken_away_stays_with_what_was_signed_and_the_change_waits(
    here: Signers, django_capture_on_commit_callbacks: object
) -> None:
    entry = here.book.log(touched=("A1",))
    file = beside(here, entry)
    here.asked(1, evidence=(entry,))
    here.signed(1)
    unsigned = beside(here, entry)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        evidence_files.take_away(by=here.amara, file=file, uuid=uuid4())
        evidence_files.take_away(by=here.amara, file=unsigned, uuid=uuid4())
    assert named(waits(here).evidence) == [entry.uuid]
    assert log_queries.content_of(file) == PDF
    assert log_queries.content_of(unsigned) is None
    amara, dilys = browser(here.book), Client()
    dilys.force_login(here.dilys.user)
    page = amara.get(reverse("examination", args=[entry.uuid])).content.decode()
    assert page.count(f"SHA-256 {file.digest}") == 2
    assert page.count("Taken away, ") == 2
    assert "It was signed as evidence, so it stays with what was signed." in page
    assert "It is gone for good." in page
    assert dilys.get(reverse("examination_file", args=[file.uuid])).status_code == 200
    assert dilys.get(reverse("examination_file", args=[unsigned.uuid])).status_code == 404


def test_page_says_before_that_a_signed_file_stays(here: Signers) -> None:
    entry = here.book.log(touched=("A1",))
    file = beside(here, entry)
    url = reverse("remove_examination_file", args=[file.uuid])
    amara = browser(here.book)
    assert "gone for good" in amara.get(url).content.decode()
    here.asked(1, evidence=(entry,))
    here.signed(1)
    page = amara.get(url).content.decode()
    assert "stays with what was signed" in page
    assert "gone for good" not in page


def test_files_stay_evidence_of_a_corrected_examination_and_not_of_one_taken_back(
    here: Signers,
) -> None:
    entry = here.book.log(touched=("A1",))
    file = beside(here, entry)
    here.asked(1, evidence=(entry,))
    here.signed(1)
    corrected = here.book.log(touched=("A1",), role="assisted", corrects=entry)
    assert named(waits(here).evidence) == [corrected.uuid, file.uuid]
    other = beside(here, entry)
    assert named(waits(here).evidence) == [corrected.uuid, file.uuid, other.uuid]
    log.take_back(by=here.amara, entry=corrected, uuid=uuid4())
    assert waits(here).evidence == ""


def test_whoever_signs_sees_the_files_and_opens_them(here: Signers) -> None:
    entry = here.book.log(touched=("A1",))
    file = beside(here, entry)
    here.asked(1, evidence=(entry,))
    dilys = Client()
    dilys.force_login(here.dilys.user)
    page = dilys.get(reverse("sign_off", args=[here.placement.uuid])).content.decode()
    assert reverse("examination_file", args=[file.uuid]) in page
    assert "File beside case 1" in page
    assert file.entry.hash[:8] in page


def test_evidence_is_as_much_as_a_request_holds(
    here: Signers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "MOST", 1)
    entry = here.book.log(touched=("A1",))
    here.asked(1, evidence=(entry,))
    with pytest.raises(DomainError, match="at most 1 examinations and files"):
        beside(here, entry)
    assert not EvidenceFile.objects.exists()


# Pages


def test_file_is_put_there_opened_and_taken_away(
    book: LogBook, entry: LogEntry, django_capture_on_commit_callbacks: object
) -> None:
    amara = browser(book)
    data = {
        "uuid": str(uuid4()),
        "looked": "on",
        "evidence": SimpleUploadedFile("Mrs Smith 943 476 5919.jpg", photograph()),
    }
    answer = amara.post(reverse("add_examination_file", args=[entry.uuid]), data)
    assert answer.status_code == 302
    [file] = log_queries.files_of(entry)
    page = amara.get(answer.url).content.decode()
    assert "Picture 1, " in page
    assert "Smith" not in page
    opened = amara.get(reverse("examination_file", args=[file.uuid]))
    assert opened["Content-Type"] == "image/jpeg"
    assert opened["Content-Disposition"] == 'attachment; filename="case-1.jpg"'
    url = reverse("remove_examination_file", args=[file.uuid])
    assert amara.get(url).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert amara.post(url, {"uuid": str(uuid4())}).status_code == 302
    assert amara.get(reverse("examination_file", args=[file.uuid])).status_code == 404
    assert amara.get(url).status_code == 302


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"looked": ""}, "Look at the file, and say that nothing in it points to a patient"),
        ({"evidence": ""}, "Choose the file"),
        (
            {"evidence": SimpleUploadedFile("a.gif", b"GIF89a")},
            "This is no PDF, PNG or JPEG. Choose a file of one of these kinds.",
        ),
    ],
)
def test_refused_file_says_why(
    book: LogBook, entry: LogEntry, changes: dict[str, object], said: str
) -> None:
    data = {
        "uuid": str(uuid4()),
        "looked": "on",
        "evidence": SimpleUploadedFile("a.pdf", PDF),
        **changes,
    }
    answer = browser(book).post(reverse("add_examination_file", args=[entry.uuid]), data)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_file_is_opened_by_those_who_may_open_the_log_book(book: LogBook, entry: LogEntry) -> None:
    url = reverse("examination_file", args=[put(book, entry).uuid])
    stranger = make.make_educator("Dana Dell", site=make.make_site("Oak Hospital"))
    for person, status in ((book.educator, 200), (stranger, 404)):
        client = Client()
        client.force_login(person.user)
        assert client.get(url).status_code == status
    assert Client().get(url).status_code == 302


def test_file_that_was_changed_on_the_disk_is_not_given_out(
    book: LogBook, entry: LogEntry, media: Path
) -> None:
    file = put(book, entry)
    (media / log_queries.FOLDER / str(file.uuid)).write_bytes(b"%PDF-1.7 other")
    answer = browser(book).get(reverse("examination_file", args=[file.uuid]))
    assert answer.status_code == 422
