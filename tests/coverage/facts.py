"""One fact of every kind of training coverage, with a row of each of its append-only tables."""

import hashlib
import uuid

from school.core.codes import new_code
from school.core.ledger import Draft
from school.core.models import Fact
from school.courses import models as courses
from school.coverage import models as coverage
from tests import records


def required(network: records.Network) -> list[Fact]:
    """A fact of every kind about what training is required, and with them their append-only rows."""
    requirement = coverage.Requirement.objects.create(code=f"fire-{network.key}", name="Fire")
    course = courses.Course.objects.create(
        code=f"fire-{network.key}", title="Fire", summary="A test", level="awareness"
    )
    asked, exempt = records.write(
        Draft(
            fact=coverage.RequirementVersion(
                requirement=requirement, courses=course.code, active_months=12, source="a test"
            ),
            book=records.network_book(),
            about_from=records.DAY,
        ),
        Draft(
            fact=coverage.Exemption(person=network.bob, requirement=requirement),
            book=network.bob.book,
            about_from=records.DAY,
            about_to=records.DAY,
            texts={"reason": "Works elsewhere."},
        ),
    )
    coverage.Whom.objects.create(version=asked, crew="mobile")
    coverage.Accepted.objects.create(version=asked, course=course)
    return [asked, exempt, *published(network)]


def published(network: records.Network) -> list[Fact]:
    """A fact of every kind about a published report, and with them a frozen row."""
    report = coverage.Report.objects.create(
        uuid=uuid.uuid4(),
        title="Fire",
        for_whom="The board",
        as_of=records.DAY,
        known_on=records.DAY,
        policy="adjusted",
        grouped_by="site",
        audience="outside",
        drafted_by=network.alice,
    )
    publication = coverage.Publication(
        report=report,
        known_on=records.DAY,
        policy="adjusted",
        grouped_by="site",
        audience="outside",
        drafted_by=network.alice,
        reviewed_by=network.bob,
        watermark=1,
        code=new_code(),
        rows_digest="a" * 64,
    )
    digests = {"pdf_digest": "b" * 64, "xlsx_digest": "c" * 64, "csv_digest": "d" * 64}
    of = {"publication": publication}
    facts: list[tuple[Fact, dict[str, str]]] = [
        (publication, {}),
        (coverage.PublicationFiles(**of, **digests), {}),
        (coverage.Sending(**of), {"address": "board@outside.example"}),
        (coverage.Withdrawal(**of), {"reason": "The wrong year."}),
    ]
    made = records.write(
        *(
            Draft(fact=fact, book=records.network_book(), about_from=records.DAY, texts=texts)
            for fact, texts in facts
        )
    )
    text = "{}"
    coverage.Frozen.objects.create(
        publication=publication, digest=hashlib.sha256(text.encode()).hexdigest(), text=text
    )
    return made
