"""Statements of hours: their figures, their file, and what becomes of them."""

import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pikepdf
import pytest
from django.conf import LazySettings
from django.core import mail as outbox
from django.db import connection
from django_tasks_db.models import DBTaskResult

from placements import statement_pdf, statement_work
from placements import statements_queries as queries
from placements.actions import statements
from placements.actions.confirming import undo
from placements.actions.statements import issue_statement, withdraw_statement
from placements.models import (
    Adjustment,
    Concern,
    HoursStatement,
    Placement,
    ShiftDecision,
    StageTally,
)
from placements.statement_pdf import About
from placements.statements_queries import Validity
from school.core import clock, days, documents, ledger, seal
from school.core.codes import grouped
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.ledger import Draft
from school.core.models import Progress
from school.people.models import Mail
from school.people.network import ensure_network
from school.people.roles import COORDINATOR
from tests import factories as make
from tests.placements.statement_cases import Year, a_year

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sealing(settings: LazySettings, tmp_path: Path) -> Path:
    """A key of the test's own, and a folder for files."""
    settings.SEAL_KEY_FILE = tmp_path / "keys" / "seal.pem"
    settings.MEDIA_ROOT = tmp_path / "media"
    return seal.make_key()


@pytest.fixture
def printed(db: None) -> Year:
    return a_year()


@pytest.fixture
def year(printed: Year, monkeypatch: pytest.MonkeyPatch) -> Year:
    """The same year, its statements on a blank page: to set a whole one takes a second."""
    blank = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(blank)
    monkeypatch.setattr(statement_pdf, "pages", lambda about, figures: blank.getvalue())
    return printed


def files(settings: LazySettings) -> list[str]:
    return sorted(path.name for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


def third_year(year: Year) -> Placement:
    """A placement of the same student in the next year."""
    first = date(2026, 11, 16)
    return make.make_placement(
        year.enrolment, year=3, educator=year.educator, starts=first, ends=date(2026, 12, 11)
    )


# Figures


@pytest.mark.engine
def test_statement_holds_the_figures_of_its_stage(year: Year) -> None:
    found = year.issue()
    assert (
        found.confirmed_minutes,
        found.brought_forward_minutes,
        found.adjusted_minutes,
        found.simulated_minutes,
    ) == (1350, 600, 60, 210)
    head = queries.head_of(year.enrolment.book)
    assert (found.head_seq, found.head_digest) == head
    assert found.entry.seq == found.head_seq + 1
    assert found.digest == documents.digest(statement_pdf.path_of(found.uuid).read_bytes())


@pytest.mark.engine
def test_figures_from_facts_are_those_kept_for_speed(year: Year) -> None:
    total = queries.Record(year.enrolment.pk).figures(year.stage.pk).total
    tally = StageTally.objects.get(enrolment=year.enrolment, stage=year.stage)
    assert (
        total.clinical.confirmed, total.clinical.awaiting, total.simulated.confirmed, total.absent,
        total.site_cancelled, total.made_up, total.brought_forward, total.adjusted,
    ) == (
        tally.confirmed, tally.awaiting, tally.simulated_confirmed, tally.absent,
        tally.site_cancelled, tally.made_up, tally.brought_forward, tally.adjusted,
    )  # fmt: skip


@pytest.mark.engine
def test_figures_at_an_entry_leave_out_what_came_later(year: Year) -> None:
    head = queries.head_of(year.enrolment.book)
    assert head is not None
    then = queries.Record(year.enrolment.pk).figures(year.stage.pk)
    make.make_decision(year.educator, year.waiting)
    record = queries.Record(year.enrolment.pk)
    assert record.figures(year.stage.pk, head.seq) == then
    assert record.figures(year.stage.pk).total.clinical.confirmed == 1800
    assert record.figures(year.stage.pk, 0).total.counted == 0


# The page


def structure(pdf: pikepdf.Pdf) -> Iterator[tuple[str, Any]]:
    """Every element of the tag tree with its kind, from the top."""
    waiting = [pdf.Root.StructTreeRoot.K]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, pikepdf.Array):
            waiting = [*one, *waiting]
        elif isinstance(one, pikepdf.Dictionary) and "/S" in one:
            yield str(one.S), one
            waiting = [one.get("/K", pikepdf.Array()), *waiting]


def test_pdf_says_what_it_is_and_is_tagged_throughout(printed: Year) -> None:
    with pikepdf.open(statement_pdf.path_of(printed.issue().uuid)) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert str(pdf.Root.Lang) == "en-GB"
        assert (pdf.Root.MarkInfo.Marked, pdf.Root.ViewerPreferences.DisplayDocTitle) == (
            True,
            True,
        )
        with pdf.open_metadata() as about:
            assert about["pdfuaid:part"] == "1"
            assert about["dc:title"] == "Statement of placement hours: Amara Exampleton, year 2"
        kinds = [kind for kind, _ in structure(pdf)]
        assert [kind for kind in kinds if kind in ("/H1", "/H2", "/Table", "/Caption", "/Figure")] == [
            "/H1", "/Table", "/Table", "/Caption", "/Table", "/Caption", "/Table", "/Caption",
            "/Table", "/Caption", "/H2", "/H2", "/Figure", "/H2",
        ]  # fmt: skip
        [figure] = [one for kind, one in structure(pdf) if kind == "/Figure"]
        assert str(figure.Alt).startswith("Square to scan: it leads to http")
        cells = [one for kind, one in structure(pdf) if kind == "/TD" and "/A" in one]
        assert [len(cell.A.Headers) for cell in cells if not cell.A.Headers] == []
        # The seal draws nothing, and is hidden from whoever reads the tags.
        [[field]] = [list(page.Annots) for page in pdf.pages if "/Annots" in page]
        assert (str(field.FT), int(field.F) & 2) == ("/Sig", 2)
        assert {str(page.Tabs) for page in pdf.pages} == {"/S"}
        fonts = {
            str(font.BaseFont).split("+")[1]
            for page in pdf.pages
            for font in page.Resources.Font.values()
        }
        assert {name.split("-")[0] for name in fonts} == {"Inter", "DejaVu"}


def text_of(pdf: bytes, folder: Path) -> str:
    path = folder / "read.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def test_pdf_says_every_figure(printed: Year, tmp_path: Path) -> None:
    found = printed.issue()
    said = text_of(statement_pdf.path_of(found.uuid).read_bytes(), tmp_path)
    for words in (
        f"Statement {grouped(found.code)}",
        "Amara Exampleton completed 33 hours 30 minutes of clinical placement in PET-CT in year 2",
        "The year asks for 36 hours: 2 hours 30 minutes are still to go.",
        "Confirmed by a practice educator 22.5 Made up, within the confirmed hours 7.5",
        "Brought forward from paper 10 Absent 7.5",
        "Adjusted by two people 1 Cancelled by the site 6.67",
        "Counted 33.5 Simulated practice, kept apart 3.5",
        "Cumberland Infirmary Dilys Sampleby 22.5 7.5 7.5 6.67 3.5",
        "2 to 13 November 2026",
        "5 to 6 October 2026",
        "7 hours 30 minutes were awaiting a decision or queried",
        "4 shifts, each decided on its own.",
        "rests on 13 entries about hours in the student’s record book",
        found.head_digest,
    ):
        assert words in said
    assert seal.is_sealed(statement_pdf.path_of(found.uuid).read_bytes())


@pytest.mark.parametrize(
    ("counted", "low", "high", "said"),
    [
        (480, 480, 960, "The year asks for 8 to 16 hours: reached."),
        (479, 480, 960, "The year asks for 8 to 16 hours: 1 minute are still to go."),
        (1000, 480, 960, "The year asks for 8 to 16 hours: reached, and more was worked."),
        (2500, 2160, 2160, "The year asks for 36 hours: reached."),
    ],
)
def test_band_is_said_in_words(year: Year, counted: int, low: int, high: int, said: str) -> None:
    stage = year.stage
    stage.minimum_minutes, stage.maximum_minutes = low, high
    assert statement_pdf.against_band(counted, stage) == said


# Issuing


@pytest.mark.engine
def test_second_request_at_the_same_head_gives_the_same_statement(
    year: Year, settings: LazySettings
) -> None:
    first, second = year.issue(), year.issue()
    assert first == second
    assert HoursStatement.objects.count() == 1
    assert files(settings) == [f"{first.uuid}.pdf"]


@pytest.mark.engine
def test_what_is_confidential_moves_no_statement(year: Year, settings: LazySettings) -> None:
    first, head = year.issue(), queries.head_of(year.enrolment.book)
    concern = Concern(placement=year.placement, person=year.student)
    draft = Draft(
        fact=concern,
        book=year.enrolment.book,
        about_from=date(2026, 11, 10),
        texts={"words": "In confidence."},
    )
    with ledger.writing(year.enrolment.book) as pen:
        pen.append([draft], by=year.student.uuid)
    assert queries.head_of(year.enrolment.book) == head
    assert queries.entries_of(year.enrolment.book, head) == 13
    assert (year.issue(), HoursStatement.objects.count()) == (first, 1)
    assert queries.validity_of(first) is Validity.CURRENT
    assert files(settings) == [f"{first.uuid}.pdf"]


def test_hours_that_wait_bring_no_new_statement(year: Year) -> None:
    first = year.issue()
    make.make_shift(year.placement, date(2026, 11, 11))
    assert (year.issue(), HoursStatement.objects.count()) == (first, 1)


def test_only_placements_that_have_begun_or_have_hours_are_stated(year: Year) -> None:
    ahead = date(2026, 12, 14)
    other = make.make_site("Another Infirmary")
    make.make_placement(
        year.enrolment, year=2, site=other, starts=ahead, ends=date(2026, 12, 18), inducted=False
    )
    head = queries.head_of(year.enrolment.book)
    figures = queries.Record(year.enrolment.pk).figures(year.stage.pk)
    about = About(year.enrolment, year.stage, head, "", clock.now(), year.coordinator)
    assert [row["site"] for row in statement_pdf.places(about, figures)] == ["Cumberland Infirmary"]
    began = replace(about, made_at=days.instant(ahead, time(9)))
    assert [row["site"] for row in statement_pdf.places(began, figures)] == [
        "Cumberland Infirmary",
        "Another Infirmary",
    ]
    Placement.objects.filter(site=other).update(state=Placement.State.PLANNED)
    assert len(statement_pdf.places(began, figures)) == 1


@pytest.mark.engine
def test_statement_of_another_stage_leaves_the_first_as_it_is(year: Year) -> None:
    first = year.issue()
    third_year(year)
    other = issue_statement(
        by=year.coordinator,
        enrolment=year.enrolment,
        stage=year.stage.version.stages.get(year=3),
        uuid=uuid4(),
    )
    assert (queries.validity_of(first), queries.validity_of(other)) == (
        Validity.CURRENT,
        Validity.CURRENT,
    )


@pytest.mark.engine
def test_newer_statement_replaces_the_older(year: Year) -> None:
    first = year.issue()
    make.make_decision(year.educator, year.waiting)
    second = year.issue()
    assert (second.supersedes, second.confirmed_minutes) == (first, 1800)
    assert (queries.validity_of(first), queries.validity_of(second)) == (
        Validity.REPLACED,
        Validity.CURRENT,
    )


@pytest.mark.engine
def test_statement_after_a_new_decision_is_not_current_until_it_is_undone(year: Year) -> None:
    found = year.issue()
    decision = make.make_decision(year.educator, year.waiting)
    assert queries.validity_of(found) is Validity.CHANGED
    undo(
        by=year.educator,
        decision=decision,
        proof=ShiftDecision.Proof.PASSWORD,
        uuid=uuid4(),
    )
    assert queries.validity_of(found) is Validity.CURRENT


@pytest.mark.engine
def test_decision_undone_changes_a_statement(year: Year) -> None:
    found = year.issue()
    undo(
        by=year.educator,
        decision=year.confirmed,
        proof=ShiftDecision.Proof.PASSWORD,
        uuid=uuid4(),
    )
    assert queries.validity_of(found) is Validity.CHANGED


@pytest.mark.engine
def test_hours_that_wait_and_other_stages_change_no_statement(year: Year) -> None:
    found = year.issue()
    make.make_shift(year.placement, date(2026, 11, 11))
    make.make_decision(year.educator, make.make_shift(third_year(year), date(2026, 11, 16)))
    assert queries.validity_of(found) is Validity.CURRENT


@pytest.mark.engine
def test_adjustment_and_day_note_change_a_statement(year: Year) -> None:
    found = year.issue()
    make.make_day_note(year.placement, date(2026, 11, 12))
    assert queries.validity_of(found) is Validity.CHANGED
    second = year.issue()
    draft = Draft(
        fact=Adjustment(
            enrolment=year.enrolment, stage=year.stage, minutes=30, second_person=year.coordinator
        ),
        book=year.enrolment.book,
        about_from=date(2026, 11, 12),
        texts={"reason": "x"},
    )
    with ledger.writing(year.enrolment.book) as pen:
        pen.append([draft], by=year.coordinator.uuid)
    assert queries.validity_of(second) is Validity.CHANGED


@pytest.mark.engine
def test_record_that_moves_on_while_the_page_is_set_is_read_again(
    printed: Year, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    year = printed
    set_page, turns = statement_pdf.pages, []

    def decided_meanwhile(*args: Any) -> bytes:
        turns.append(None)
        if len(turns) == 1:
            make.make_decision(year.educator, year.waiting)
        return set_page(*args)

    monkeypatch.setattr(statement_pdf, "pages", decided_meanwhile)
    found = year.issue()
    assert (len(turns), found.confirmed_minutes, files(settings)) == (
        2,
        1800,
        [f"{found.uuid}.pdf"],
    )
    assert queries.validity_of(found) is Validity.CURRENT


def test_record_that_never_rests_is_not_stated(
    year: Year, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    days = iter(range(11, 30))

    def noted_meanwhile(*args: Any) -> bytes:
        make.make_day_note(year.placement, date(2026, 11, next(days)), "nothing_planned", minutes=0)
        return b"%PDF-1.7"

    monkeypatch.setattr(statement_pdf, "pages", noted_meanwhile)
    monkeypatch.setattr(documents, "sealed", lambda pdf, reason: pdf)
    monkeypatch.setattr(statements, "TRIES", 2)
    with pytest.raises(Conflict, match="none was issued"):
        year.issue()
    assert (HoursStatement.objects.count(), files(settings)) == (0, [])


@pytest.mark.parametrize("who", ["student", "educator", "site_lead"])
def test_only_who_certifies_hours_issues_and_withdraws(year: Year, who: str) -> None:
    found = year.issue()
    person = {"student": year.student, "educator": year.educator}.get(who) or make.make_person()
    with pytest.raises(NotAllowed):
        issue_statement(by=person, enrolment=year.enrolment, stage=year.stage, uuid=uuid4())
    with pytest.raises(NotAllowed):
        withdraw_statement(by=person, statement=found, uuid=uuid4())
    assert HoursStatement.objects.count() == 1


def test_coordinator_states_no_hours_of_their_own(year: Year) -> None:
    make.make_grant(year.student, COORDINATOR, ensure_network())
    with pytest.raises(NotAllowed, match="your own hours"):
        issue_statement(by=year.student, enrolment=year.enrolment, stage=year.stage, uuid=uuid4())


def test_stage_without_a_record_has_nothing_to_state(year: Year) -> None:
    first = year.stage.version.stages.get(year=1)
    with pytest.raises(DomainError, match="Nothing is on record for year 1"):
        issue_statement(by=year.coordinator, enrolment=year.enrolment, stage=first, uuid=uuid4())


# Withdrawing


@pytest.mark.engine
def test_withdrawn_statement_says_so_and_a_new_one_follows(year: Year) -> None:
    first = year.issue()
    gone = withdraw_statement(by=year.coordinator, statement=first, uuid=uuid4())
    assert (gone.withdrawn, gone.code, gone.supersedes) == (True, first.code, first)
    assert queries.validity_of(first) is Validity.WITHDRAWN
    second = year.issue()
    assert (second.supersedes, second.code == first.code) == (gone, False)
    assert queries.validity_of(first) is Validity.WITHDRAWN
    assert [(row.year, row.validity) for row in queries.listed(year.enrolment)] == [
        (2, Validity.CURRENT),
        (2, Validity.WITHDRAWN),
    ]


@pytest.mark.engine
def test_withdrawing_twice_is_refused_and_sent_again_is_the_same(year: Year) -> None:
    found, uuid = year.issue(), uuid4()
    first = withdraw_statement(by=year.coordinator, statement=found, uuid=uuid)
    assert withdraw_statement(by=year.coordinator, statement=found, uuid=uuid) == first
    with pytest.raises(Conflict):
        withdraw_statement(by=year.coordinator, statement=found, uuid=uuid4())
    assert HoursStatement.objects.count() == 2


def test_student_is_told_without_hours_or_names(year: Year) -> None:
    found = year.issue()
    withdraw_statement(by=year.coordinator, statement=found, uuid=uuid4())
    told = Mail.objects.filter(person=year.student, kind__startswith="statement_").order_by("pk")
    assert [mail.subject for mail in told] == [
        "A statement of your hours was issued",
        "A statement of your hours was withdrawn",
    ]
    for mail in told:
        words, _, link = mail.body.rpartition("\n")
        assert link.endswith(f"/students/{year.enrolment.uuid}/statements/")
        told_of = ("33", "22.5", "Amara", grouped(found.code))
        assert [word for word in told_of if word in words] == []
    assert outbox.outbox == []


# The background


def run_task() -> None:
    """What a worker does with the newest task."""
    task = DBTaskResult.objects.filter(task_path="placements.statement_work.make").latest(
        "enqueued_at"
    )
    statement_work.make.func(*task.args_kwargs["args"])


def test_task_makes_the_statement_and_shows_how_far_it_is(year: Year) -> None:
    uuid = uuid4()
    work = statement_work.ask(
        by=year.coordinator, enrolment=year.enrolment, stage=year.stage, uuid=uuid
    )
    assert (work.title, work.total) == ("Statement of hours, Year 2", 3)
    run_task()
    work.refresh_from_db()
    assert (work.state, work.message, work.link) == (
        Progress.State.DONE,
        "The statement was issued, and the student is told by email.",
        f"/students/{year.enrolment.uuid}/statements/",
    )
    assert HoursStatement.objects.get().uuid == uuid


@pytest.mark.engine
@pytest.mark.parametrize("place", ["pages", "sealed", "keep", "append"])
def test_task_killed_anywhere_and_run_again_leaves_one_file_and_one_fact(
    year: Year, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    class Killed(BaseException):
        """The process is gone."""

    def killed(*args: Any, **kwargs: Any) -> Any:
        raise Killed

    uuid = uuid4()
    statement_work.ask(by=year.coordinator, enrolment=year.enrolment, stage=year.stage, uuid=uuid)
    with monkeypatch.context() as patch:
        owner = {"append": ledger.Pen, "sealed": documents}.get(place, statement_pdf)
        patch.setattr(owner, place, killed)
        with pytest.raises(Killed):
            run_task()
    assert HoursStatement.objects.count() == 0
    run_task()
    run_task()
    found = HoursStatement.objects.get()
    assert files(settings) == [f"{uuid}.pdf"]
    assert statement_pdf.kept(found) is not None


def test_task_without_a_key_says_so_and_issues_nothing(
    year: Year, sealing: Path, settings: LazySettings
) -> None:
    sealing.unlink()
    work = statement_work.ask(
        by=year.coordinator, enrolment=year.enrolment, stage=year.stage, uuid=uuid4()
    )
    run_task()
    work.refresh_from_db()
    assert work.state == Progress.State.FAILED
    assert work.message.startswith("There is no key to seal with at ")
    assert (HoursStatement.objects.count(), files(settings)) == (0, [])


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_statement(year: Year, settings: LazySettings) -> None:
    made: list[HoursStatement] = []
    uuids = [uuid4(), uuid4()]
    both = threading.Barrier(2)

    def work(place: int) -> None:
        both.wait()
        made.append(
            issue_statement(
                by=year.coordinator, enrolment=year.enrolment, stage=year.stage, uuid=uuids[place]
            )
        )
        connection.close()

    threads = [threading.Thread(target=work, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [HoursStatement.objects.get()] * 2
    assert files(settings) == [f"{made[0].uuid}.pdf"]


def test_file_that_is_gone_or_altered_is_not_handed_out(year: Year) -> None:
    found = year.issue()
    path = statement_pdf.path_of(found.uuid)
    assert seal.is_sealed(BytesIO(path.read_bytes()).getvalue())
    path.write_bytes(path.read_bytes() + b" ")
    assert statement_pdf.kept(found) is None
    path.unlink()
    assert statement_pdf.kept(found) is None
