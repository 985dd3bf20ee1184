"""A copy of the log book: what it says, to the digit; its files; and what becomes of it."""

import csv
import io
import json
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pikepdf
import pytest
from django.conf import LazySettings
from django_tasks_db.models import DBTaskResult

from logbooks.competencies import books_queries as queries
from logbooks.competencies import stage_changes
from logbooks.competencies.actions import books, revoking
from logbooks.competencies.actions.evidence_files import put_beside
from logbooks.competencies.actions.log import take_back
from logbooks.competencies.book import content, files, pages, tables, work
from logbooks.competencies.book.record import Head, head_of
from logbooks.competencies.models import CurrentCompetency, LogBookCopy, LogEntry
from placements import reference
from placements.models import StageTally
from school.core import checkpoint, clock, documents, hearing, ledger, seal
from school.core.codes import grouped
from school.core.erasure import erase
from school.core.errors import DomainError, NotAllowed
from school.core.models import Erasure, Progress
from tests import factories as make
from tests import records
from tests.logbooks.competencies.attempts import Attempts, make_attempts
from tests.logbooks.competencies.signers import NOT_YET, Signers, make_signers
from tests.logbooks.competencies.staged import Staged, make_staged
from tests.pdfs import kept_pdf
from tests.races import at_once

pytestmark = pytest.mark.django_db

REFLECTION = "What?\nI held the arms up too long."


@pytest.fixture(autouse=True)
def keys(settings: LazySettings, tmp_path: Path) -> Path:
    """Keys of the test's own, and folders for files and checkpoints."""
    settings.SEAL_KEY_FILE = tmp_path / "keys" / "seal.pem"
    settings.CHECKPOINT_KEY_FILE = tmp_path / "keys" / "checkpoint.pem"
    settings.CHECKPOINT_DIR = tmp_path / "checkpoints"
    settings.MEDIA_ROOT = tmp_path / "media"
    checkpoint.make_key()
    return seal.make_key()


@pytest.fixture
def printed(db: None) -> Signers:
    """Amara's log book: hours, examinations one of which is corrected, A1 achieved and revoked, A2 returned, A3 waits, A4 achieved."""
    here = make_signers(5)
    placement = here.placement
    shift = make.make_shift(placement, clock.today() - timedelta(days=3))
    make.make_decision(here.dilys, shift)
    make.make_shift(placement, clock.today() - timedelta(days=2))
    touched: dict[str, Any] = {"touched": ("A1", "A2", "A3", "A4")}
    first = here.book.log(reflection=REFLECTION, model="what", **touched)
    second = here.book.log(role="assisted", **touched)
    gone = here.book.log()
    put_beside(by=here.amara, entry=first, data=kept_pdf(), uuid=uuid4())
    here.asked(1, 2, 3, 4, evidence=(first, second))
    here.signed(1, 4, feedback="Calm and clear.")
    here.signed(2, outcome=NOT_YET)
    revoking.revoke(
        by=here.dilys,
        sign_off=here.row(1).sign_off,  # type: ignore[union-attr, arg-type]
        day=clock.today(),
        reason="It was another student.",
        uuid=uuid4(),
    )
    take_back(by=here.amara, entry=gone, uuid=uuid4())
    here.book.log(corrects=second, role="direct", **touched)
    return here


@pytest.fixture
def here(printed: Signers, monkeypatch: pytest.MonkeyPatch) -> Signers:
    """The same, its copies on a blank page: to set a whole one takes a second."""
    blank = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(blank)
    monkeypatch.setattr(pages, "pdf", lambda document: blank.getvalue())
    return printed


def take(here: Signers, *, reflections: bool = True, **columns: Any) -> LogBookCopy:
    """A copy that Amara takes."""
    values = {"by": here.amara, "enrolment": here.enrolment, "uuid": uuid4(), **columns}
    return books.take_copy(reflections=reflections, **values)


def said(copy: LogBookCopy) -> Any:
    """What its JSON says."""
    return json.loads(files.kept(copy, "json") or b"")


def kept(settings: LazySettings) -> list[str]:
    return sorted(path.name for path in Path(settings.MEDIA_ROOT, "log-books").glob("*"))


def document(here: Signers, head: Head, *, reflections: bool = True) -> content.Document:
    return content.document(here.enrolment, head, reflections=reflections)


# What it says


def test_what_was_signed_stays_with_its_competency_under_a_version_that_numbers_anew(
    here: Signers,
) -> None:
    revoking.excuse(
        by=here.lead,
        enrolment=here.enrolment,
        competency=here.competencies[4],
        reason="No scanner.",
        uuid=uuid4(),
    )
    staged = Staged(here)
    staged.move(staged.version(keeps=(2, 4, 1), codes="A1 A2 A3"))
    found = said(take(here, reflections=False))
    assert {(row["competency"], row["framework_version"]) for row in found["sign_offs"]} == {
        ("A1", 1), ("A2", 1), ("A4", 1),
    }  # fmt: skip
    printed = {one["code"]: one for one in pages.words(found)["signed"]}
    assert {code: (one["title"], one["state"]) for code, one in printed.items()} == {
        "A1": ("Does the thing 2, anew", "not yet, with a next step"),
        "A2": ("Does the thing 4, anew", "achieved"),
        "A3": ("Finds the way to the scanner, anew", "revoked"),
        "A5": ("Does the thing 5", "of another version"),
    }
    assert [line["word"] for line in printed["A3"]["said"]] == ["Achieved, revoked"]
    assert ("Said of", "A1 Finds the way to the scanner (version 1)") in (
        printed["A3"]["said"][0]["lines"]
    )


@pytest.mark.engine
def test_document_says_what_the_pages_of_the_portal_say(here: Signers) -> None:
    found = said(take(here))
    tally = StageTally.objects.get(enrolment=here.enrolment)
    [year] = found["hours"]
    assert (year["year"], year["confirmed"], year["awaiting"]) == (
        3,
        tally.confirmed,
        tally.awaiting,
    )
    assert [row["confirmed"] for row in found["placements"]] == [tally.confirmed]
    kept = dict(CurrentCompetency.objects.values_list("competency__code", "state"))
    keys = {row["code"]: row["key"] for row in found["competencies"]}
    assert keys == kept | {"A3": "waiting", "A5": "open"}
    assert (keys["A1"], keys["A4"]) == ("revoked", "achieved")
    assert [(row["case"], row["state"], row["role"]) for row in found["examinations"]] == [
        (1, "stands", "observed"),
        (2, "corrected", "assisted"),
        (2, "stands", "performed under direct supervision"),
        (3, "corrected", "observed"),
        (3, "taken back", "observed"),
    ]
    first = found["examinations"][0]
    assert first["reflection"] == REFLECTION
    assert [file["sha256"] for file in first["files"]] == [documents.digest(kept_pdf())]
    [one, *_] = found["sign_offs"]
    assert (one["competency"], one["outcome"], one["revoked"]["reason"]) == (
        "A1", "achieved", "It was another student.",
    )  # fmt: skip
    # The first case, the file beside it, and the second case.
    assert [piece["corrected_since"] for piece in one["evidence"]] == [False, False, True]
    assert found["wordings"][one["wording"]].startswith("I saw this student")


@pytest.mark.engine
def test_document_names_the_head_and_the_last_checkpoint(here: Signers) -> None:
    assert said(take(here))["checkpoint"] is None
    checkpoint.make_checkpoint()
    here.book.log()
    copy = take(here)
    found, head = said(copy), head_of(here.enrolment.book)
    assert (copy.head_seq, copy.head_digest) == head
    assert found["record_book"] == {
        "book": str(here.enrolment.book.uuid),
        "entry": copy.head_seq,
        "hash": copy.head_digest,
    }
    last = checkpoint.newest()
    assert last is not None
    held = last.head_of(here.enrolment.book.uuid)
    assert held is not None
    assert (found["checkpoint"]["root"], found["checkpoint"]["entry"]) == (last.root, held.seq)
    assert found["checkpoint"]["hash"] == held.hash


@pytest.mark.engine
def test_document_of_an_entry_is_the_same_to_the_digit_whatever_is_recorded_later(
    here: Signers,
) -> None:
    head = head_of(here.enrolment.book)
    assert head is not None
    before = content.canonical_text(document(here, head))
    first = LogEntry.objects.order_by("pk")[0]
    here.book.log(corrects=first, role="indirect", touched=("A1",))
    here.signed(3)
    make.make_shift(here.placement, clock.today() - timedelta(days=1))
    later = head_of(here.enrolment.book)
    assert later is not None
    assert content.canonical_text(document(here, head)) == before
    assert content.canonical_text(document(here, later)) != before


def test_reflections_are_the_students_to_leave_out(here: Signers) -> None:
    with_them, without = take(here), take(here, reflections=False)
    assert with_them.pk != without.pk
    for format in ("json", "csv"):
        assert b"held the arms" not in (files.kept(without, format) or b"")
    assert "held the arms" in json.dumps(said(with_them))
    assert "held the arms" not in pages.pages(said(without))
    assert "the student left them out" in pages.pages(said(without))


@pytest.mark.engine
def test_stage_says_in_a_copy_what_its_page_says_of_what_changed() -> None:
    here = make_staged()
    here.fulfil(but="competencies")
    about: dict[str, Any] = {"by": here.lead, "enrolment": here.enrolment, "reason": "No scanner."}
    two = here.signers.competencies[1]
    revoking.excuse(**about, competency=two, uuid=uuid4())
    Attempts(here.signers, here.form).moderate(here.attempt(moderated=True))
    signed = here.sign()

    def told() -> tuple[set[str], set[str]]:
        # The hours of this student are counted without facts, so that a copy knows of none.
        here.count(0)
        standing = here.standing
        assert standing.version is not None
        page = stage_changes.changes_of(signed, standing.minutes, standing.version)
        head = head_of(here.enrolment.book)
        assert head is not None
        found = content.document(here.enrolment, head, reflections=False)
        whole = content.with_code(found, "0" * 16, clock.now(), None)
        [row] = pages.words(whole)["stages"]
        assert dict(row["lines"])["Changed since"] == "; ".join(found["stages"][0]["changed_since"])
        assert tables.tables(whole)
        return {one.words for one in page}, set(found["stages"][0]["changed_since"])

    before, copy = told()
    assert (copy == before, len(copy)) == (True, 1)
    revoking.excuse(**about, competency=two, uuid=uuid4(), cancelled=True)
    here.attempt()
    here.record(follows=here.enrolment.external_results.get(task__code="osce"), reason="A slip.")
    here.move(here.version())
    after, copy = told()
    assert (copy == after, len(copy)) == (True, 5)


def test_what_waits_for_a_second_assessor_is_in_no_copy() -> None:
    here = make_attempts()
    first = here.assess(feedback="Quite secret words.", moderated=True)
    enrolment, student = here.signers.enrolment, here.signers.amara
    about: dict[str, Any] = {"by": student, "enrolment": enrolment, "reflections": True}
    copy = books.take_copy(**about, uuid=uuid4())
    assert (said(copy)["assessments"], "secret" in json.dumps(said(copy))) == ([], False)
    here.moderate(first)
    [attempt] = said(books.take_copy(**about, uuid=uuid4()))["assessments"]
    assert [part["by"] for part in attempt["assessors"]] == ["Dilys Sampleby", "Cara Checkley"]
    assert attempt["assessors"][0]["feedback"] == "Quite secret words."


@pytest.mark.engine
def test_every_kind_of_fact_is_told_and_each_word_is_known() -> None:
    network = records.Network()
    records.one_of_every_kind(network)
    reference.forget()
    enrolment, head = network.enrolment, head_of(network.enrolment.book)
    assert head is not None
    found = content.document(enrolment, head, reflections=True)
    told = ("hours", "placements", "examinations", "stages", "results", "exams", "moves", "sign_offs", "requests", "not_applicable", "assessments")  # fmt: skip
    assert [name for name in told if not found[name]] == []
    [stage], [result, *_] = found["stages"], found["results"]
    assert (stage["year"], stage["by"]) == (1, "Bob Birch")
    assert (result["task"], result["what"]) == ("OSCE", "OSCE of June")
    [exam] = found["exams"]
    said = (exam["year"], exam["what"], exam["outcome"], exam["state"])
    assert said == (3, "OSCE", "passed", "stands")
    whole = content.with_code(found, "0" * 16, clock.now(), None)
    page = pages.pages(whole)
    for name, words in (("stages", "Rests on"), ("results", "Results from elsewhere"), ("exams", "<caption>Exams"), ("moves", "Moved from version")):  # fmt: skip
        assert words in page, name
    assert (
        page.count('<th scope="colgroup" class="num"') == 2
    )  # their figures are hours with a point
    assert tables.tables(whole) == tables.tables(json.loads(content.canonical_text(whole)))


# The files


@pytest.mark.engine
def test_pdf_is_tagged_sealed_and_says_it_all(printed: Signers, tmp_path: Path) -> None:
    copy = take(printed)
    pdf = files.kept(copy, "pdf")
    assert pdf is not None
    assert seal.is_sealed(pdf)
    path = tmp_path / "book.pdf"
    path.write_bytes(pdf)
    with pikepdf.open(path) as read, read.open_metadata() as about:
        assert read.check_pdf_syntax() == []
        assert (str(read.Root.Lang), bool(read.Root.MarkInfo.Marked)) == ("en-GB", True)
        assert (about["pdfuaid:part"], about["dc:title"]) == ("1", "Log book: Amara Exampleton")
        assert read.Root.ViewerPreferences.DisplayDocTitle
        # Every cell says which headers are its own.
        cells = list(structure(read, "/TD"))
        assert ([cell for cell in cells if "/Headers" not in cell.A], len(cells) > 50) == ([], True)
        with read.open_outline() as outline:
            [book] = outline.root
            assert [str(part.title) for part in book.children] == [
                "In this book", "Check this book", "Where the competencies stand",
                "Stages signed off", "Hours", "Examinations", "Reflections", "Sign-offs",
                "Workplace assessments",
            ]  # fmt: skip
        number = len(read.pages)
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    text = " ".join(done.stdout.decode().split())
    for words in (
        "1 of 5 competencies achieved, 2 examinations logged, 7 hours 30 minutes counted.",
        f"Copy {grouped(copy.code)}",
        f"Log book of Amara Exampleton, {printed.enrolment.student_number}",
        f"Page 2 of {number}",
        "Revoked: from",
        "It was another student.",
        "Corrected; before:",
        "I held the arms up too long.",
        "SHA-256",
        "Taken back",
    ):
        assert words in text, words


def structure(read: pikepdf.Pdf, kind: str) -> Iterator[Any]:
    """The elements of a kind in the tree of tags."""
    waiting = [read.Root.StructTreeRoot]
    while waiting:
        one = waiting.pop()
        if one.get("/S") == kind:
            yield one
        below = one.get("/K")
        if isinstance(below, pikepdf.Array):
            waiting += [child for child in below if isinstance(child, pikepdf.Dictionary)]
        elif isinstance(below, pikepdf.Dictionary):
            waiting.append(below)


def test_tables_hold_what_the_json_holds(here: Signers) -> None:
    copy = take(here)
    found = said(copy)
    read = zipfile.ZipFile(io.BytesIO(files.kept(copy, "csv") or b""))
    assert sorted(read.namelist()) == sorted(f"{name.replace('_', '-')}.csv" for name in tables.COLUMNS)  # fmt: skip
    for name in ("examinations", "sign_offs", "competencies", "hours"):
        text = read.read(f"{name.replace('_', '-')}.csv").decode("utf-8-sig")
        about, header, *rows = csv.reader(io.StringIO(text))
        assert f"copy {grouped(copy.code)}" in about[0]
        assert copy.head_digest in about[0]
        assert (len(header), len(rows)) == (len(tables.COLUMNS[name]), len(found[name]))
    assert tables.tables(found) == files.kept(copy, "csv")


def test_digests_of_the_fact_are_those_of_the_files(here: Signers, settings: LazySettings) -> None:
    copy = take(here)
    for format in files.FORMATS:
        data = files.kept(copy, format)
        assert data is not None
        assert documents.digest(data) == getattr(copy, f"{format}_digest")
    path = Path(settings.MEDIA_ROOT) / "log-books" / f"{copy.code}.json"
    path.write_bytes(path.read_bytes() + b" ")
    assert files.kept(copy, "json") is None


# What becomes of it


@pytest.mark.engine
def test_unchanged_book_is_the_copy_that_was_made_before(
    here: Signers, settings: LazySettings
) -> None:
    first = take(here)
    assert (take(here), LogBookCopy.objects.count(), len(kept(settings))) == (first, 1, 3)
    issued = queries.issued(first.code)
    assert (issued and issued.holds, queries.issued(first.json_digest)) == (True, issued)
    here.book.log()
    issued = queries.issued(first.code)
    assert issued is not None
    assert (issued.holds, issued.title) == (False, "Issued by the School, and not the latest")
    second = take(here)
    assert [row.latest for row in queries.listed(here.enrolment)] == [True, False]
    assert second.head_seq > first.head_seq


@pytest.mark.engine
def test_sent_again_under_its_uuid_it_is_the_first_answer(here: Signers) -> None:
    uuid = uuid4()
    first = take(here, uuid=uuid)
    here.book.log()
    assert take(here, uuid=uuid) == first


def test_nobody_else_takes_it(here: Signers) -> None:
    for person in (here.dilys, here.lead):
        with pytest.raises(NotAllowed, match="student’s to take away"):
            take(here, by=person)
        with pytest.raises(NotAllowed):
            work.ask(by=person, enrolment=here.enrolment, reflections=True, uuid=uuid4())
    assert LogBookCopy.objects.count() == 0


def test_nothing_on_record_is_nothing_to_take() -> None:
    enrolment = make.make_student()
    with pytest.raises(DomainError, match="Nothing is on record yet"):
        books.take_copy(by=enrolment.person, enrolment=enrolment, reflections=True, uuid=uuid4())


def run_task() -> None:
    """What a worker does with the newest task."""
    task = DBTaskResult.objects.filter(task_path="logbooks.competencies.book.work.make").latest(
        "enqueued_at"
    )
    work.make.func(*task.args_kwargs["args"])


@pytest.mark.engine
@pytest.mark.parametrize("place", ["pdf", "sealed", "keep", "append"])
def test_task_killed_anywhere_and_run_again_leaves_one_copy(
    here: Signers, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    class Killed(BaseException):
        """The process is gone."""

    def killed(*args: Any, **kwargs: Any) -> Any:
        raise Killed

    uuid = uuid4()
    asked = work.ask(by=here.amara, enrolment=here.enrolment, reflections=True, uuid=uuid)
    owner = {"pdf": pages, "sealed": documents, "keep": files, "append": ledger.Pen}[place]
    with monkeypatch.context() as patch:
        patch.setattr(owner, place, killed)
        with pytest.raises(Killed):
            run_task()
    assert LogBookCopy.objects.count() == 0
    run_task()
    run_task()
    assert (LogBookCopy.objects.get().uuid, len(kept(settings)) % 3) == (uuid, 0)
    asked.refresh_from_db()
    assert (asked.state, asked.link) == (Progress.State.DONE, "/log-book/copies/")


def test_task_without_a_key_says_so_and_makes_nothing(here: Signers, keys: Path) -> None:
    keys.unlink()
    asked = work.ask(by=here.amara, enrolment=here.enrolment, reflections=True, uuid=uuid4())
    run_task()
    asked.refresh_from_db()
    assert asked.state == Progress.State.FAILED
    assert asked.message.startswith("There is no key to seal with at ")
    assert LogBookCopy.objects.count() == 0


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_copy(here: Signers) -> None:
    made = at_once([lambda: take(here)] * 2)
    assert made == [LogBookCopy.objects.get()] * 2


# Words that were erased


def erased(entry: LogEntry) -> Erasure:
    """The words of an entry are erased, and whoever hears of it has heard."""
    fact = erase(
        entry=entry.entry, ground=Erasure.Ground.PATIENT, uuid=uuid4(), by=make.make_person().uuid
    )
    hearing.tell.func(Erasure.KIND, [str(fact.uuid)])
    return fact


@pytest.mark.engine
def test_copy_with_erased_words_is_given_out_no_longer(
    here: Signers, settings: LazySettings
) -> None:
    with_them, without = take(here), take(here, reflections=False)
    erased(LogEntry.objects.order_by("pk")[0])
    assert [files.kept(with_them, format) for format in files.FORMATS] == [None] * 3
    assert files.kept(without, "pdf") is not None
    found = said(take(here))
    assert (found["examinations"][0]["reflection"], len(kept(settings))) == ("", 6)
    issued = queries.issued(with_them.code)
    assert (issued is not None, issued and issued.holds) == (True, False)


def test_words_erased_while_the_copy_is_made_are_not_in_it(
    here: Signers, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_files = books.made
    turns: list[None] = []

    def erased_meanwhile(*args: Any) -> dict[str, bytes]:
        turns.append(None)
        if len(turns) == 1:
            erased(LogEntry.objects.order_by("pk")[0])
        return make_files(*args)

    monkeypatch.setattr(books, "made", erased_meanwhile)
    assert (said(take(here))["examinations"][0]["reflection"], len(turns)) == ("", 2)
