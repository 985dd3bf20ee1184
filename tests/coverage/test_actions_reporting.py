"""Reports: drafted and checked by two people, frozen as they stand, and the same to the digit ever after."""

import hashlib
import threading
from datetime import date
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import QuerySet

from school.core import clock, engine, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.models import PORTAL, LedgerEntry
from school.courses.models import Attainment
from school.coverage import frozen, later
from school.coverage.actions import reporting
from school.coverage.figures import Policy
from school.coverage.frozen import Tampered
from school.coverage.models import Frozen, Publication, Report, Withdrawal
from school.people.models import PersonMerge
from school.people.roles import REPORT_VIEWER, SITE_LEAD
from tests import races, records
from tests.core.verifying import problems
from tests.coverage.making import write
from tests.coverage.reports import AS_OF, KNOWN, Network, newest
from tests.people.cast import with_account

pytestmark = pytest.mark.django_db
D = date


@pytest.fixture
def network() -> Network:
    return Network()


def digits(publication: Publication) -> list[Any]:
    """Every figure and every person that a publication shows."""
    said = frozen.opened(publication)
    figures = sorted(
        (group, code, one.share(policy).numerator, one.share(policy).denominator)
        for (group, code), one in said.figures.items()
        for policy in Policy
    )
    texts = frozen.texts(publication)
    people = [one for code, text in texts.items() for one in frozen.lines_of(code, text)]
    return [figures, sorted(people, key=str), said.conventions]


def counts() -> list[int]:
    models: list[Any] = [Publication, Frozen, LedgerEntry, Report]
    return [model.objects.count() for model in models]


# Drafting and checking


def test_draft_is_kept_with_its_history(network: Network) -> None:
    report = network.draft()
    again = network.draft(uuid=report.uuid, title="Fire", sites=[network.staff.site("North")])
    assert (again.pk, again.title, again.drafted_by) == (report.pk, "Fire", network.ann)
    assert [row.title for row in Report.history.filter(uuid=report.uuid).order_by("pk")][-1] == "Fire"  # fmt: skip
    with pytest.raises(DomainError, match="future"):
        network.draft(known_on=D(2090, 1, 1))


@pytest.mark.parametrize("role", [SITE_LEAD, REPORT_VIEWER])
def test_others_neither_draft_nor_check_nor_publish(network: Network, role: Any) -> None:
    site = network.staff.site("North")
    other = with_account("Olga Other", role, scope=site.scope if role is SITE_LEAD else None)
    report = network.checked()
    publication = network.publish()
    before = counts()
    acts: list[Any] = [
        lambda: reporting.draft_report(by=other, uuid=uuid4(), title="x", for_whom="x", as_of=AS_OF, known_on=KNOWN, policy="adjusted", grouped_by="site", audience="inside"),
        lambda: reporting.review_report(by=other, report=report, seen=newest(report)),
        lambda: reporting.publish_report(by=other, report=report, uuid=uuid4()),
        lambda: reporting.withdraw_publication(by=other, publication=publication, reason="x", uuid=uuid4()),
    ]  # fmt: skip
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert counts() == before


def test_nobody_checks_their_own_draft(network: Network) -> None:
    report = network.draft()
    with pytest.raises(NotAllowed, match="somebody else"):
        reporting.review_report(by=network.ann, report=report, seen=newest(report))
    with pytest.raises(DomainError, match="Nobody has checked"):
        reporting.publish_report(by=network.ann, report=report, uuid=uuid4())
    seen = newest(report)
    checked = reporting.review_report(by=network.ben, report=report, seen=seen)
    assert checked.reviewed_by == network.ben
    again = reporting.review_report(by=network.ben, report=report, seen=seen)
    assert again.reviewed_at == checked.reviewed_at


def test_changed_draft_is_checked_again(network: Network) -> None:
    report = network.checked()
    changed = network.draft(uuid=report.uuid, title="Another")
    assert (changed.reviewed_by, changed.reviewed_at) == (None, None)
    by_ben = reporting.draft_report(
        by=network.ben, uuid=report.uuid, title="Ben’s", for_whom="x", as_of=AS_OF, known_on=KNOWN,
        policy="adjusted", grouped_by="site", audience="inside",
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        reporting.review_report(by=network.ben, report=by_ben, seen=newest(by_ben))


def test_draft_that_was_changed_meanwhile_is_not_checked_unread(network: Network) -> None:
    report = network.draft()
    seen = newest(report)
    network.draft(uuid=report.uuid, sites=[network.staff.site("South")])
    with pytest.raises(Conflict, match="changed this report meanwhile"):
        reporting.review_report(by=network.ben, report=report, seen=seen)
    reporting.review_report(by=network.ben, report=report, seen=newest(report))


# Publishing


@pytest.mark.engine
def test_publication_is_a_fact_with_frozen_rows(network: Network) -> None:
    report, before = network.checked(), ledger.watermark()
    uuid = uuid4()
    found = reporting.publish_report(by=network.ann, report=report, uuid=uuid)
    assert (found.entry.actor, found.entry.about_from, found.watermark) == (
        network.ann.uuid,
        AS_OF,
        before,
    )
    said = frozen.opened(found)
    north, south = sorted(said.groups, key=lambda one: one.name)
    shares = [said.figure(key, "fire").share(Policy.ADJUSTED) for key in (north.key, south.key, "")]
    assert [(one.numerator, one.denominator) for one in shares] == [(8, 18), (1, 6), (9, 24)]
    assert len(frozen.lines(found, "fire")) == 24
    names = {name for name in Frozen.objects.values_list("text", flat=True) if "Staff" in name}
    assert names == set()
    again = reporting.publish_report(by=network.ann, report=report, uuid=uuid)
    assert (again.pk, Publication.objects.count()) == (found.pk, 1)
    call_command("verify_records", stdout=StringIO())


def test_published_report_stays_as_it_was(network: Network) -> None:
    publication = network.publish()
    with pytest.raises(Conflict, match="published meanwhile"):
        network.draft(uuid=publication.report.uuid)
    with pytest.raises(Conflict, match="published meanwhile"):
        reporting.publish_report(by=network.ann, report=publication.report, uuid=uuid4())


def test_nothing_required_is_not_published(network: Network) -> None:
    report = network.checked(as_of=D(2014, 1, 1))
    with pytest.raises(DomainError, match="Nothing was required"):
        reporting.publish_report(by=network.ann, report=report, uuid=uuid4())


@pytest.mark.engine
def test_failed_freezing_leaves_nothing(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    report, before = network.checked(), counts()

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(QuerySet, "bulk_create", fail)
    before = counts()
    with pytest.raises(RuntimeError):
        reporting.publish_report(by=network.ann, report=report, uuid=uuid4())
    assert counts() == before


@pytest.mark.engine
def test_500_later_changes_reopen_to_the_same_digits(network: Network) -> None:
    publication = network.publish()
    before = digits(publication)
    staff = network.staff
    drafts = []
    for place in range(500):
        person = staff.person("abcdefghijklmnopqrstuvwx"[place % 24])
        fact = Attainment(person=person, course_version=staff.course("Fire"), source="import")
        drafts.append(
            ledger.Draft(
                fact=fact, book=person.book, about_from=D(2016, 7, 1 + place % 28), known_from=D(2016, 8, 1)
            )
        )  # fmt: skip
    with ledger.writing(*{one.book.pk: one.book for one in drafts}.values()) as pen:
        pen.append(drafts, by=PORTAL)
    assert digits(Publication.objects.get()) == before
    came = later.came_later(publication).by_site
    assert len(came) == 15
    assert {one.words for one in came} == {"Had it, which was recorded later"}
    assert sum(one.effect(Policy.ADJUSTED)[0] for one in came) == 24 - 9


@pytest.mark.engine
def test_changed_frozen_row_is_refused_with_words(network: Network) -> None:
    publication = network.publish()
    engine.uninstall(connection, engine.guard_of(Frozen))
    part = publication.frozen.get(part="fire")
    text = part.text.replace('"missing"', '"in_date"', 1)
    Frozen.objects.filter(pk=part.pk).update(text=text)
    assert any("do not hash to its digest" in one for one in problems())
    with pytest.raises(Tampered, match="not those that were published"):
        frozen.texts(publication)
    # Whoever writes the digest anew as well is found by the hash of all of them.
    digest = hashlib.sha256(text.encode()).hexdigest()
    Frozen.objects.filter(pk=part.pk).update(digest=digest)
    for read in (frozen.opened, frozen.texts):
        with pytest.raises(Tampered):
            read(publication)


# At once


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_two_who_publish_one_draft_at_once_publish_it_once() -> None:
    network = Network()
    report = network.checked()
    came = races.at_once(
        [
            lambda by=by: reporting.publish_report(by=by, report=report, uuid=uuid4())  # type: ignore[misc]
            for by in (network.ann, network.ben)
        ]
    )
    assert sorted(type(one).__name__ for one in came) == ["Conflict", "Publication"]
    assert Publication.objects.count() == 1


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_publication_waits_for_what_is_being_written() -> None:
    """What a transaction was writing when it was asked for is in it; what is imported of old days afterwards is not."""
    network = Network()
    report = network.checked()
    written, person = threading.Event(), network.staff.person("i")

    def write() -> None:
        with ledger.writing(person.book) as pen:
            fact = Attainment(
                person=person, course_version=network.staff.course("Fire"), source="import"
            )
            draft = ledger.Draft(
                fact=fact, book=person.book, about_from=D(2016, 7, 1), known_from=D(2016, 8, 1)
            )
            pen.append([draft], by=PORTAL)
            written.set()
            threading.Event().wait(0.3)

    def publish() -> Publication:
        assert written.wait(20)
        return reporting.publish_report(by=network.ann, report=report, uuid=uuid4())

    came = races.at_once([write, publish])
    assert came[0] is None
    publication: Publication = came[1]
    assert frozen.opened(publication).figure("", "fire").share(Policy.ADJUSTED).numerator == 10
    assert later.came_later(publication).by_site == []
    before = digits(publication)
    network.staff.attain("j", "Fire", D(2016, 7, 1), known=D(2016, 8, 1))
    assert digits(publication) == before
    assert [one.person for one in later.came_later(publication).by_site] == [
        network.staff.person("j").pk
    ]
    assert publication.watermark < LedgerEntry.objects.order_by("-pk").values_list("pk", flat=True)[0]  # fmt: skip


# What came later


@pytest.mark.engine
def test_what_was_known_later_than_the_day_of_knowledge_came_later_too(network: Network) -> None:
    """It was in the ledger when the report was published, and is left out because of the day that was asked."""
    network.staff.attain("j", "Fire", D(2016, 7, 1), known=D(2017, 2, 1))
    publication = network.publish()
    assert [one.words for one in later.came_later(publication).by_site] == [
        "Had it, which was recorded later"
    ]


@pytest.mark.engine
def test_two_records_made_one_after_it_are_said_to_be_so(network: Network) -> None:
    publication = network.publish()
    before = digits(publication)
    kept, merged = network.staff.person("a"), network.staff.person("x")
    write(PersonMerge(kept=kept, merged=merged), records.network_book(), clock.today())
    assert digits(publication) == before
    came = {one.words for one in later.came_later(publication).by_site}
    assert "Two records turned out to be one person" in came


# Taking back


def test_withdrawn_publication_says_so_and_stays(network: Network) -> None:
    publication = network.publish()
    uuid = uuid4()
    done = reporting.withdraw_publication(
        by=network.ben, publication=publication, reason="The wrong year.", uuid=uuid
    )
    assert ledger.private_text(done, "reason") == "The wrong year."
    assert (
        reporting.withdraw_publication(
            by=network.ben, publication=publication, reason="The wrong year.", uuid=uuid
        ).pk
        == done.pk
    )
    with pytest.raises(Conflict, match="withdrawn meanwhile"):
        reporting.withdraw_publication(
            by=network.ann, publication=publication, reason="Twice.", uuid=uuid4()
        )
    assert Withdrawal.objects.count() == 1
    assert frozen.opened(publication).title == "Fire training"
