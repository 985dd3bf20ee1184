"""The page of a site for an inspector: what it says, as a file and as a PDF, and who may look."""

import os
import subprocess
from datetime import date
from io import BytesIO
from typing import Any
from uuid import uuid4

import pikepdf
import pytest
from django.test import Client

from school.core import documents
from school.core.models import Progress
from school.coverage import irmer_work
from school.coverage.models import Requirement
from school.people.models import AccessLog
from school.people.roles import REPORT_VIEWER, SITE_LEAD, STUDENT, WORKFORCE_MANAGER
from tests import factories as make
from tests.coverage.making import Staff
from tests.coverage.test_irmer import entitle
from tests.people.cast import with_account
from tests.placements.browsers import browser, queries_of
from tests.placements.test_views_tutor import table

pytestmark = pytest.mark.django_db
D = date


@pytest.fixture
def staff() -> Staff:
    made = Staff()
    made.term("ann", "North", "Radiographer", D(2020, 1, 1))
    made.ask("fire", ["Fire"], D(2020, 1, 1), radiation=True)
    made.attain("ann", "Fire", D(2025, 9, 1))
    entitle(made, "ann")
    return made


@pytest.fixture
def lead(staff: Staff) -> Client:
    return browser(with_account("Lena Lead", SITE_LEAD, scope=staff.site("North").scope))


def page(staff: Staff, rest: str = "") -> str:
    return f"/coverage/irmer/{staff.site('North').slug}/{rest}"


DAYS = "?as_of=2026-06-01&known_on=2026-06-01"


def test_a_lead_sees_who_is_entitled_and_trained_and_it_is_logged(
    staff: Staff, lead: Client
) -> None:
    text = " ".join(lead.get(page(staff, DAYS)).content.decode().split())
    assert "1 person works here, as of 1 June 2026, as known on 1 June 2026." in text
    assert "Operator: CT exposures" in text
    assert "1 September 2025: Fire (Imported record, 1 hour)" in text
    assert "Nothing is marked." in text
    assert [row.person.name for row in AccessLog.objects.all()] == ["Staff ann"]
    assert "Site North" in lead.get("/coverage/irmer/").content.decode()
    marked = lead.get(page(staff, "?as_of=2024-06-01&known_on=2026-06-01")).content.decode()
    assert "No entitlement on record" in marked
    assert "Missing: fire" in marked


def test_others_are_named_and_nothing_required_is_said(staff: Staff, lead: Client) -> None:
    radiographers = {"job_role": staff.role("Radiographer")}
    staff.term("eva", "North", "Administrator", D(2021, 3, 1))
    staff.ask("rays", ["Rays"], D(2020, 1, 1), whom=[radiographers], radiation=True)
    Requirement.objects.filter(code="fire").update(radiation=False)
    text = lead.get(page(staff, DAYS)).content.decode()
    assert "2 people work here" in text
    assert "<li>Staff eva, Administrator, here since 1 March 2021</li>" in text
    assert "No radiation training is required of anybody" not in text
    Requirement.objects.update(radiation=False)
    assert "No radiation training is required of anybody" in lead.get(page(staff, DAYS)).content.decode()  # fmt: skip


def test_the_table_to_take_away(staff: Staff, lead: Client) -> None:
    head, rows = table(lead, page(staff, f"file/csv/{DAYS}"))
    assert "as of 1 June 2026, as known on 1 June 2026" in head
    assert [row["What"] for row in rows] == ["Entitlement", "Training"]
    assert [row.person.name for row in AccessLog.objects.all()] == ["Staff ann"]
    assert lead.get(page(staff, "file/pdf/")).status_code == 404


def test_a_pdf_by_one_click(staff: Staff, lead: Client) -> None:
    asked = {"as_of": "2026-06-01", "known_on": "2026-06-01"}
    answer: Any = lead.post(page(staff, "pdf/"), asked)
    work = Progress.objects.get()
    assert answer.url == f"/progress/{work.uuid}/"
    assert lead.get(page(staff, f"pdf/{work.uuid}/")).status_code == 404, "not made yet"
    irmer_work.make.func(str(staff.site("North").uuid), "2026-06-01", "2026-06-01", str(work.uuid))
    work.refresh_from_db()
    assert (work.state, work.link) == (Progress.State.DONE, page(staff, f"pdf/{work.uuid}/"))
    pdf = lead.get(work.link)
    assert pdf["Content-Type"] == "application/pdf"
    with pikepdf.open(BytesIO(pdf.content)) as read:
        assert (str(read.Root.Lang), bool(read.Root.MarkInfo.Marked)) == ("en-GB", True)
    path = documents.path_of(irmer_work.FOLDER, f"{work.uuid}.pdf")
    done = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True)
    words = " ".join(done.stdout.decode().split())
    assert "Staff ann" in words
    assert "as of 1 June 2026" in words
    other = browser(with_account("Mona Manager", WORKFORCE_MANAGER))
    assert other.get(work.link).status_code == 404, "another’s work"
    assert lead.post(page(staff, "pdf/"), {"as_of": "soon"}).status_code == 404


def test_a_pdf_of_a_site_that_is_seen_no_longer_is_not_given_out_at_another(staff: Staff) -> None:
    both = with_account("Bo Both", SITE_LEAD, scope=staff.site("North").scope)
    make.make_grant(both, SITE_LEAD, staff.site("South").scope)
    client, north = browser(both), staff.site("North")
    client.post(page(staff, "pdf/"), {"as_of": "2026-06-01", "known_on": "2026-06-01"})
    work = Progress.objects.get()
    irmer_work.make.func(str(north.uuid), "2026-06-01", "2026-06-01", str(work.uuid))
    assert client.get(page(staff, f"pdf/{work.uuid}/")).status_code == 200
    south = staff.site("South").slug
    assert client.get(f"/coverage/irmer/{south}/pdf/{work.uuid}/").status_code == 404


@pytest.mark.parametrize(
    ("as_of", "known_on"),
    [("9999-12-31", "2026-06-01"), ("0001-01-01", "2026-06-01"), ("2026-06-01", "2090-01-01")],
)
def test_no_pdf_is_made_of_a_day_that_cannot_be_asked(
    staff: Staff, lead: Client, as_of: str, known_on: str
) -> None:
    answer = lead.post(page(staff, "pdf/"), {"as_of": as_of, "known_on": known_on})
    assert (answer.status_code, Progress.objects.count()) == (404, 0)


def test_old_files_are_removed(staff: Staff) -> None:
    for work, old in ((uuid4(), True), (uuid4(), False)):
        documents.keep(irmer_work.FOLDER, f"{work}.pdf", b"%PDF")
        if old:
            os.utime(documents.path_of(irmer_work.FOLDER, f"{work}.pdf"), (0, 0))
    assert irmer_work.clear_old.func() == 1
    assert irmer_work.kept(work) == b"%PDF"


def test_elsewhere_and_without_names_nothing_is_seen(staff: Staff) -> None:
    south = with_account("Sue South", SITE_LEAD, scope=staff.site("South").scope)
    assert browser(south).get(page(staff)).status_code == 404
    for role in (STUDENT, REPORT_VIEWER):
        client = browser(with_account(f"{role.key.title()} Person", role))
        for address in ("/coverage/irmer/", page(staff), page(staff, "file/csv/")):
            assert client.get(address).status_code == 403


def test_a_page_within_twelve_queries(staff: Staff, lead: Client) -> None:
    lead.get(page(staff, DAYS))
    assert queries_of(lead, page(staff, DAYS)) <= 12
