"""Thousands of staff with years of training, to measure coverage with: `python -m tests.benchmarks.trained PEOPLE`.

Run in the environment of a database that holds the network. The rows are those that imports would have written, but for
the chain of hashes, which no figure reads: a few million facts are made in minutes rather than hours.
"""

import random
import sys
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count, islice
from typing import Any

YEARS, REQUIREMENTS = 10, 40
# A payload of a usual length: a scan reads past it.
PAYLOAD = "[" + "0" * 260 + "]"
NOW = "2026-01-01 12:00:00+00:00"
DAY = timedelta(days=1)


def main(people: int) -> None:
    """Writes everything and works out the kept state."""
    import django

    django.setup()
    from django.db import connection, transaction

    from school.core import engine
    from school.coverage import standing

    with transaction.atomic():
        if engine.is_postgresql(connection):
            with connection.cursor() as cursor:
                # No key is looked up for millions of rows that are made to fit.
                cursor.execute("SET LOCAL session_replication_role = replica")
        Writer(people).write()
    engine.count_rows(connection)
    standing.bring_up()
    engine.count_rows(connection)


class Writer:
    """One population; the same for the same number of people."""

    def __init__(self, people: int) -> None:
        from school.core import clock

        self.rng, self.size, self.today = random.Random(people), people, clock.today()
        self.began = self.today - timedelta(days=365 * YEARS)

    def write(self) -> None:
        """Everybody, what is asked of them, where they worked, were away, and what they attained."""
        from school.core.models import Book, LedgerEntry
        from school.people.models import JobRole, Person, Post, Site

        self.sites = list(Site.objects.values_list("pk", flat=True))
        roles = [
            JobRole.objects.get_or_create(
                code=f"role-{n}", defaults={"title": f"Role {n}", "staff_group": f"Group {n % 4}"}
            )[0].pk
            for n in range(12)
        ]
        self.entries = count((LedgerEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1)  # fmt: skip
        self.seqs: dict[int, Iterator[int]] = {}
        first = (Book.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
        self.books = list(range(first, first + self.size))
        insert(Book, [{"id": key, "uuid": self.uuid(), "kind": "person"} for key in self.books])
        keys = (Person.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
        self.people = list(range(keys, keys + self.size))
        insert(Person, (self._person(n) for n in range(self.size)))
        self.first_post = (Post.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1  # fmt: skip
        insert(
            Post,
            (
                {
                    "id": self.first_post + n,
                    "uuid": self.uuid(),
                    "person_id": self.people[n],
                    "reference": "",
                }
                for n in range(self.size)
            ),
        )
        self.roles = roles
        self._requirements()
        self._facts("people_scannerterm", self._scanners())
        self._facts("people_postterm", self._terms())
        self._facts("people_absence", self._absences())
        self._facts("coverage_exemption", self._exemptions())
        self._facts("courses_attainment", self._attainments())
        self._facts("courses_attainmentvoid", self._voids())
        insert_sequences()

    def uuid(self) -> uuid.UUID:
        """The next UUID."""
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)

    def _person(self, n: int) -> dict[str, Any]:
        return {
            "id": self.people[n],
            "uuid": self.uuid(),
            "book_id": self.books[n],
            "name": f"Person {n:05}",
            "email": f"person.{n}@bench.example",
        }

    def _requirements(self) -> None:
        from school.core import ledger
        from school.core.ledger import Draft
        from school.core.models import PORTAL
        from school.courses.models import Course, CourseVersion
        from school.coverage.models import Accepted, Requirement, RequirementVersion
        from school.people.network import network_book

        self.courses: list[tuple[int, int]] = []
        for n in range(REQUIREMENTS):
            course = Course.objects.create(
                code=f"bench-{n}", title=f"Course {n}", summary="One.", level=Course.Level.AWARENESS
            )
            version = CourseVersion.objects.create(
                course=course,
                number=1,
                published_on=self.began,
                title=course.title,
                outcomes="One.",
                credit_minutes=60,
            )
            months = (None, 24, 36, 24, 12, 36, None, 24)[n % 8]
            requirement = Requirement.objects.create(code=f"bench-{n}", name=f"Requirement {n}")
            fact = RequirementVersion(
                requirement=requirement,
                courses=course.code,
                active_months=months,
                window_months=3,
                grace_days=60,
                source="bench",
            )
            with ledger.writing(network_book()) as pen:
                draft = Draft(fact=fact, book=network_book(), about_from=self.began, known_from=self.began)  # fmt: skip
                pen.append([draft], by=PORTAL)
            Accepted.objects.create(version=fact, course=course)
            self.courses.append((version.pk, months or 0))
        last = LedgerMark.last()
        self.entries = count(last + 1)

    def _scanners(self) -> Iterator[tuple[int, date, date | None, date, dict[str, Any]]]:
        for n, site in enumerate(self.sites):
            yield 0, self.began, None, self.began, {"site_id": site, "scanner_kind": "mobile" if n % 4 == 0 else "static"}  # fmt: skip

    def _terms(self) -> Iterator[tuple[int, date, date | None, date, dict[str, Any]]]:
        self.since: list[date] = []
        self.until: list[date | None] = []
        for n in range(self.size):
            # Half were in post before the ten years began.
            since = self.began + DAY * max(0, self.rng.randrange(-365 * YEARS, 365 * YEARS - 30))
            until = since + DAY * self.rng.randrange(400, 3000) if self.rng.random() < 0.4 else None
            self.since.append(since)
            self.until.append(until)
            columns = {
                "post_id": self.first_post + n,
                "job_role_id": self.rng.choice(self.roles),
                "site_id": self.rng.choice(self.sites),
                "whole_time_hundredths": 100,
                "crew": self.rng.choice(("static", "static", "mobile")),
            }
            moved = since + DAY * 300
            if self.rng.random() < 0.2 and (until is None or moved < until):
                yield n, since, moved - DAY, since, columns
                yield n, moved, until, moved, {**columns, "site_id": self.rng.choice(self.sites)}
            else:
                yield n, since, until, since, columns

    def _absences(self) -> Iterator[tuple[int, date, date | None, date, dict[str, Any]]]:
        for n in range(self.size):
            for _ in range(2):
                day = self.began + DAY * self.rng.randrange(365 * YEARS)
                ends = day + DAY * self.rng.choice((3, 10, 40, 200))
                yield n, day, ends, day, {"person_id": self.people[n], "reason": "sick", "cancelled": False}  # fmt: skip

    def _exemptions(self) -> Iterator[tuple[int, date, date | None, date, dict[str, Any]]]:
        from school.coverage.models import Requirement

        asked = list(Requirement.objects.values_list("pk", flat=True))
        for n in range(0, self.size, 20):
            day = self.today - DAY * self.rng.randrange(1500)
            columns = {"person_id": self.people[n], "requirement_id": self.rng.choice(asked), "reason_hash": "0" * 64, "cancelled": False}  # fmt: skip
            yield n, day, day + DAY * 365, day, columns

    def _attainments(self) -> Iterator[tuple[int, date, date | None, date, dict[str, Any]]]:
        self.attained: list[tuple[int, int, date]] = []
        for n in range(self.size):
            last = min(self.until[n] or self.today, self.today)
            for version, months in self.courses:
                if self.rng.random() < 0.06:
                    continue
                day = self.since[n] + DAY * self.rng.randrange(90)
                while day <= last:
                    known = min(day + DAY * (60 if self.rng.random() < 0.02 else 1), self.today)
                    columns = {"person_id": self.people[n], "course_version_id": version, "source": "import"}  # fmt: skip
                    yield n, day, None, known, columns
                    if self.rng.random() < 0.004:
                        self.attained.append((self.last, n, known))
                    if not months:
                        break
                    day += timedelta(days=round(months * 30.44) + self.rng.randrange(-60, 25))

    def _voids(self) -> Iterator[tuple[int, date, date | None, date, dict[str, Any]]]:
        for entry, n, known in self.attained:
            day = min(known + DAY * self.rng.randrange(200), self.today)
            yield n, day, None, day, {"attainment_id": entry, "reason_hash": "0" * 64}

    def _facts(
        self, table: str, rows: Iterator[tuple[int, date, date | None, date, dict[str, Any]]]
    ) -> None:
        """Facts with their entries, some at a time."""
        from django.apps import apps

        from school.core.models import LedgerEntry

        model: Any = next(one for one in apps.get_models() if one._meta.db_table == table)

        def pairs() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
            for n, about, until, known, columns in rows:
                self.last = next(self.entries)
                book = self.books[n]
                entry = {
                    "id": self.last, "uuid": self.uuid(), "book_id": book,
                    "seq": next(self.seqs.setdefault(book, count(1))), "kind": model.KIND,
                    "kind_version": 1, "actor": uuid.UUID(int=0), "about_from": about, "about_to": until,
                    "recorded_at": NOW, "known_from": known, "imported": True, "payload": PAYLOAD,
                    "prev_hash": "0" * 64, "hash": "0" * 64,
                }  # fmt: skip
                yield entry, {"entry_id": self.last, **columns}

        found = pairs()
        while some := list(islice(found, 20_000)):
            insert(LedgerEntry, [entry for entry, _ in some])
            insert(model, [fact for _, fact in some])


class LedgerMark:
    """The newest entry."""

    @staticmethod
    def last() -> int:
        from school.core.models import LedgerEntry

        return LedgerEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def insert(model: Any, rows: Any) -> None:
    """Rows of a model as columns; what is left out is as the model has it."""
    from django.db import connection

    from school.core import engine

    fields = model._meta.local_concrete_fields
    others = [(field.attname, field.get_db_prep_save(field.get_default(), connection)) for field in fields]  # fmt: skip
    found = (tuple(row.get(name, other) for name, other in others) for row in rows)
    engine.pour(connection, model._meta.db_table, [field.column for field in fields], found)


def insert_sequences() -> None:
    """Lets PostgreSQL's numbers go on behind the rows."""
    from django.core.management.color import no_style
    from django.db import connection

    from school.core.models import Book, LedgerEntry
    from school.people.models import Person, Post

    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), [Book, LedgerEntry, Person, Post]):
            cursor.execute(sql)


if __name__ == "__main__":
    main(int(sys.argv[1]))
    print("null")
