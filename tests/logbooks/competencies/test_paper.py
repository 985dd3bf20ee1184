"""Sign-offs on paper: what a row becomes, each refusal with its row and column, and that twice changes nothing."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command

from logbooks.competencies import paper, stage_queries, standing
from logbooks.competencies.actions import asking, revoking
from logbooks.competencies.models import SignOff
from school.core import clock, documents, evidence, ledger
from school.core.errors import DomainError
from school.core.files import importing
from school.core.files.fates import Fate, Report
from school.core.models import PORTAL
from school.people.models import Mail
from tests import factories as make
from tests.logbooks.competencies.signers import Signers, make_signers
from tests.logbooks.competencies.staged import Staged
from tests.pdfs import kept_pdf
from tests.placements.test_views_educator import browser

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

PDF = kept_pdf()
HEADS = "student number,competency,outcome,level,date,assessor,site,sighted by,scan"


@pytest.fixture
def here(settings: Any, tmp_path: Path) -> Signers:
    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "a.pdf").write_bytes(PDF)
    return make_signers()


def line(here: Signers, **changes: str) -> str:
    cells = {
        "student": here.enrolment.student_number,
        "competency": "A1",
        "outcome": "achieved",
        "level": "",
        "date": (clock.today() - timedelta(days=20)).isoformat(),
        "assessor": "Dr Quill Elsewhere",
        "site": here.placement.site.name,
        "sighted by": here.cara.email,
        "scan": "a.pdf",
        **changes,
    }
    return ",".join(cells.values())


def run(tmp_path: Path, *lines: str, commit: bool = True) -> Report:
    data = "\n".join((HEADS, *lines)).encode()
    return importing.run(paper.sign_offs(tmp_path), data, "a.csv", by=PORTAL, commit=commit)


def test_row_becomes_a_sign_off_on_paper(here: Signers, tmp_path: Path) -> None:
    here.asked(1)
    report = run(tmp_path, line(here))
    assert (report.written, report.counts[Fate.NEW]) == (True, 1)
    fact = SignOff.objects.get()
    assert (fact.person, fact.capacity, fact.proof) == (here.cara, "sighted", "paper")
    assert (fact.placement, fact.site, fact.outcome) == (None, here.placement.site, "achieved")
    assert (fact.level, fact.entry.actor, fact.entry.imported) == (
        here.competencies[0].level,
        PORTAL,
        True,
    )
    assert ledger.private_text(fact, "assessor") == "Dr Quill Elsewhere"
    name = stage_queries.name_of(here.enrolment, fact.scan)
    assert documents.kept(paper.FOLDER, name, fact.scan) == PDF
    row = here.row(1)
    assert row
    assert (row.state, row.request) == ("achieved", None)
    assert standing.rebuild(here.enrolment) == []
    mail = Mail.objects.get(kind="paper_signed")
    assert (mail.person, "A1" in mail.body) == (here.amara, True)


def test_nothing_is_written_without_commit(here: Signers, tmp_path: Path) -> None:
    report = run(tmp_path, line(here), commit=False)
    assert (report.counts[Fate.NEW], SignOff.objects.count(), report.written) == (1, 0, False)


def test_same_file_twice_changes_nothing(here: Signers, tmp_path: Path) -> None:
    rows = (line(here), line(here, competency="A2", outcome="not yet", site=""))
    run(tmp_path, *rows)
    report = run(tmp_path, *rows)
    assert (report.counts[Fate.SAME], SignOff.objects.count()) == (2, 2)
    assert (here.state(1), here.state(2)) == ("achieved", "returned")
    assert Mail.objects.filter(kind="paper_signed").count() == 1


def test_same_file_changes_nothing_after_a_move_to_another_version(
    here: Signers, tmp_path: Path
) -> None:
    staged = Staged(here)
    rows = (line(here), line(here, competency="A2", level="Able under supervision"))
    run(tmp_path, *rows)
    after = staged.version()
    staged.move(after)
    report = run(tmp_path, line(here), line(here, competency="A2", level="able"))
    assert (report.counts[Fate.SAME], SignOff.objects.count()) == (2, 2)
    # What is corrected speaks the language of the version that the student works towards now.
    report = run(tmp_path, line(here, date=clock.today().isoformat()))
    assert report.counts[Fate.CHANGED] == 1
    newest = SignOff.objects.latest("pk")
    assert newest.level is not None
    assert newest.level.version == after


def test_scan_that_many_rows_name_is_looked_at_once(
    here: Signers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []
    taken_in = evidence.taken_in

    def counted(data: bytes) -> bytes:
        looked.append(len(data))
        return taken_in(data)

    monkeypatch.setattr(evidence, "taken_in", counted)
    rows = [line(here, competency=f"A{n}") for n in (1, 2, 3, 4)]
    run(tmp_path, *rows, commit=False)
    assert len(looked) == 1
    # Read again to be kept, so that not all of them are in memory at once.
    assert run(tmp_path, *rows).counts[Fate.NEW] == 4
    assert len(looked) == 3


def test_scan_that_changed_after_it_was_looked_at_is_not_kept(
    here: Signers, tmp_path: Path
) -> None:
    kind = paper.sign_offs(tmp_path)
    data = "\n".join((HEADS, line(here))).encode()
    importing.run(kind, data, "a.csv", by=PORTAL)
    (tmp_path / "a.pdf").write_bytes(kept_pdf("Another paper."))
    with pytest.raises(DomainError, match=r"a\.pdf was changed while"):
        importing.run(kind, data, "a.csv", by=PORTAL, commit=True)
    assert SignOff.objects.count() == 0


def test_nobody_is_said_to_have_signed_what_stands_on_paper(here: Signers, tmp_path: Path) -> None:
    run(tmp_path, line(here))
    assert asking.rule_open(here.row(1)).reason == (
        "Paper that Cara Checkley has sighted says achieved. That stands."
    )
    assert (
        "on paper that you have sighted" in browser(here.cara).get("/sign-offs/").content.decode()
    )


def test_corrected_row_follows_the_first(here: Signers, tmp_path: Path) -> None:
    run(tmp_path, line(here))
    report = run(tmp_path, line(here, assessor="Dr Quill Corrected"))
    assert report.counts[Fate.CHANGED] == 1
    first, second = SignOff.objects.order_by("pk")
    assert (second.supersedes, ledger.private_text(second, "assessor")) == (
        first,
        "Dr Quill Corrected",
    )


def refusals(report: Report) -> list[tuple[int, str, str]]:
    assert not report.written
    return [
        (found.number, found.column, report.fates[found.number].value)
        for found in report.ordered_findings()
    ]


@pytest.mark.parametrize(
    ("changes", "column", "fate"),
    [
        ({"student": "nobody"}, "student number", "waits"),
        ({"competency": "Z9"}, "competency", "refused"),
        ({"outcome": "perhaps"}, "outcome", "refused"),
        ({"level": "wizard"}, "level", "refused"),
        ({"level": "Learning"}, "level", "refused"),
        ({"date": "2999-01-01"}, "date", "refused"),
        ({"date": "2001-01-01"}, "date", "refused"),
        ({"site": "Nowhere"}, "site", "refused"),
        ({"sighted by": "nobody@example.org"}, "sighted by", "waits"),
        ({"scan": "b.pdf"}, "scan", "refused"),
        ({"scan": "../a.pdf"}, "scan", "refused"),
        ({"scan": "words.txt"}, "scan", "refused"),
        ({"scan": "large.pdf"}, "scan", "refused"),
        ({"assessor": ""}, "assessor", "refused"),
        ({"assessor": "Dr Quill for 943 476 5919"}, "assessor", "refused"),
    ],
)
def test_each_refusal_names_row_and_column(
    here: Signers, tmp_path: Path, changes: dict[str, str], column: str, fate: str
) -> None:
    (tmp_path / "words.txt").write_bytes(b"words")
    with (tmp_path / "large.pdf").open("wb") as file:
        file.truncate(evidence.MAX_BYTES + 1)
    report = run(tmp_path, line(here, **changes), commit=fate == "refused")
    assert refusals(report) == [(2, column, fate)]
    assert SignOff.objects.count() == 0


def test_level_may_be_given_by_code_or_title(here: Signers, tmp_path: Path) -> None:
    run(tmp_path, line(here, level="confident"), line(here, competency="A2", level="Confident"))
    codes = set(SignOff.objects.values_list("level__code", flat=True))
    assert codes == {"confident"}


def test_student_sights_no_paper_of_their_own(here: Signers, tmp_path: Path) -> None:
    report = run(tmp_path, line(here, **{"sighted by": here.amara.email}))
    assert refusals(report) == [(2, "sighted by", "refused")]


def test_nobody_imports_into_their_own_log_book(here: Signers, tmp_path: Path) -> None:
    data = "\n".join((HEADS, line(here))).encode()
    report = importing.run(
        paper.sign_offs(tmp_path), data, "a.csv", by=here.amara.uuid, commit=True
    )
    assert refusals(report) == [(2, "student number", "refused")]


def test_two_rows_of_one_competency_are_refused(here: Signers, tmp_path: Path) -> None:
    report = run(tmp_path, line(here), line(here, outcome="not yet"))
    assert {row[2] for row in refusals(report)} == {"refused"}


def test_paper_replaces_nothing_that_was_said_in_the_portal(here: Signers, tmp_path: Path) -> None:
    here.signed(1)
    revoking.excuse(
        by=here.lead,
        enrolment=here.enrolment,
        competency=here.competencies[1],
        reason="No scanner.",
        uuid=uuid4(),
    )
    run(tmp_path, line(here, competency="A3"))
    [on_paper] = SignOff.objects.filter(proof="paper")
    revoking.revoke(
        by=here.cara, sign_off=on_paper, day=clock.today(), reason="Forged.", uuid=uuid4()
    )
    report = run(tmp_path, *(line(here, competency=code) for code in ("A1", "A2", "A3")))
    assert refusals(report) == [(n, "competency", "refused") for n in (2, 3, 4)]


def test_what_stands_on_paper_is_signed_anew_in_the_portal(here: Signers, tmp_path: Path) -> None:
    run(tmp_path, line(here, outcome="not yet"))
    [fact] = here.signed(1)
    assert (fact.supersedes, here.state(1)) == (SignOff.objects.get(proof="paper"), "achieved")


def test_command_says_what_each_row_would_do(here: Signers, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("\n".join((HEADS, line(here))))
    out = StringIO()
    call_command("import_signoffs", str(file), stdout=out)
    assert ("1 new" in out.getvalue(), "Add --commit to write." in out.getvalue()) == (True,) * 2
    call_command("import_signoffs", str(file), "--commit", stdout=out)
    assert SignOff.objects.count() == 1
    file.write_text("\n".join((HEADS, line(here, scan="gone.pdf"))))
    with pytest.raises(SystemExit):
        call_command("import_signoffs", str(file), stdout=out)
    said = "Row 2, column “scan”, value “gone.pdf”: there is no such file beside this one."
    assert said in out.getvalue()


def test_example_is_read_as_the_documentation_says() -> None:
    student = make.make_student("Noor Ashby")
    assert student.student_number not in Path("docs/examples/sign-offs.csv").read_text()
    data = Path("docs/examples/sign-offs.csv").read_bytes()
    report = importing.run(paper.sign_offs(None), data, "sign-offs.csv", by=PORTAL)
    assert report.counts[Fate.REFUSED] == 0
