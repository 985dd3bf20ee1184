"""The kept state while facts are written: nothing is lost, and nobody who only looks makes others wait."""

import random
import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection

from school.core import engine, ledger
from school.core.models import PORTAL
from school.courses.models import Attainment, AttainmentVoid
from school.coverage import standing
from tests import races
from tests.coverage.making import Staff

pytestmark = [pytest.mark.engine, pytest.mark.django_db(transaction=True)]


def staffed() -> Staff:
    """Six people of whom fire training is asked."""
    staff = Staff()
    staff.ask("fire", ["Fire"], date(2015, 1, 1), active_months=12)
    for name in "abcdef":
        staff.term(name, "North", "Radiographer", date(2016, 1, 1))
        staff.attain(name, "Fire", date(2016, 6, 1))
    return staff


def test_nothing_is_lost_while_facts_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few at once, so that most of it is done in turns between which others write."""
    monkeypatch.setattr(standing, "AT_ONCE", 2)
    staff = staffed()
    people, course = [staff.person(name) for name in "abcdef"], staff.course("Fire")

    def writer(seed: int) -> Callable[[], None]:
        def write() -> None:
            chance = random.Random(seed)
            for _ in range(4):
                person = chance.choice(people)
                day = date(2016, chance.randint(1, 12), 5)
                fact = Attainment(person=person, course_version=course, source="import")
                with ledger.writing(person.book) as pen:
                    pen.append([ledger.Draft(fact=fact, book=person.book, about_from=day)], by=PORTAL)  # fmt: skip
                if chance.random() < 0.4:
                    void = AttainmentVoid(attainment=fact)
                    draft = ledger.Draft(
                        fact=void, book=person.book, about_from=day, texts={"reason": "Not so."}
                    )
                    with ledger.writing(person.book) as pen:
                        pen.append([draft], by=PORTAL)

        return write

    def look() -> None:
        for _ in range(5):
            standing.bring_up()

    def ask() -> None:
        for number in range(2):
            staff.ask(f"fire-{number}", ["Fire"], date(2016, 1, 1), active_months=6)

    def rebuild() -> None:
        standing.rebuild()

    acts = [writer(1), writer(2), look, ask, rebuild]
    assert races.at_once(acts) == [None] * len(acts)
    assert standing.rebuild() == 0


def test_who_looks_makes_nobody_wait_for_a_long_import() -> None:
    if not engine.is_postgresql(connection):
        pytest.skip("SQLite has one writer, for which every other waits")
    staff = staffed()
    standing.bring_up()
    staff.attain("a", "Fire", date(2017, 1, 1))
    importing, done, written = threading.Event(), threading.Event(), threading.Event()
    book, course = staff.person("b").book, staff.course("Fire")
    seen: list[bool] = []

    def long_import() -> None:
        fact = Attainment(person=staff.person("b"), course_version=course, source="import")
        draft = ledger.Draft(fact=fact, book=book, about_from=date(2017, 2, 1))
        with ledger.writing(book) as pen:
            pen.append([draft], by=PORTAL)
            importing.set()
            seen.append(written.wait(10))
        done.set()

    def look() -> None:
        assert importing.wait(10)
        standing.bring_up()

    def write() -> None:
        assert importing.wait(10)
        # Time for whoever looks to wait before this writer, where they would.
        done.wait(0.5)
        staff.attain("c", "Fire", date(2017, 3, 1))
        written.set()

    assert races.at_once([long_import, look, write]) == [None] * 3
    assert seen == [True]
    standing.bring_up()
    assert standing.rebuild() == 0
