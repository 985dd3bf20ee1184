"""Equivalences: one course counts as another on the days of a rule, in one direction."""

from datetime import timedelta
from uuid import uuid4

import pytest

from school.core import clock
from school.core.errors import Conflict, DomainError, NotAllowed
from school.courses import queries
from school.courses.actions.equating import count_as, end_equivalence
from school.courses.models import Course
from tests import factories as make
from tests.courses import making
from tests.courses.attained import attain

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def two(teacher: object) -> tuple[Course, Course]:
    old, new = (making.make_version(title, by=teacher) for title in ("Old", "New"))  # type: ignore[arg-type]
    return old.course, new.course


def test_attained_course_counts_as_the_other_on_the_days_of_the_rule() -> None:
    alice, teacher, today = make.make_person("Alice Amber"), making.make_teacher(), clock.today()
    old, new = two(teacher)
    attain(alice, old.versions.get(), day=today - timedelta(days=20))
    starts = today - timedelta(days=10)
    rule = count_as(by=teacher, attained=old, counts_as=new, starts=starts, uuid=uuid4())

    def held(on: int) -> set[int]:
        return queries.attained([alice.pk], [old.pk, new.pk], today - timedelta(days=on))

    assert (held(0), held(11)) == ({old.pk, new.pk}, {old.pk})
    ends = today - timedelta(days=5)
    ended = end_equivalence(by=teacher, equivalence=rule, ends=ends, uuid=uuid4())
    assert (held(0), held(5)) == ({old.pk}, {old.pk, new.pk})
    end_equivalence(by=teacher, equivalence=ended, ends=None, uuid=uuid4())
    assert held(5) == {old.pk}


def test_rule_is_refused_that_cannot_be() -> None:
    teacher, today = making.make_teacher(), clock.today()
    old, new = two(teacher)
    with pytest.raises(DomainError, match="two different courses"):
        count_as(by=teacher, attained=old, counts_as=old, starts=today, uuid=uuid4())
    with pytest.raises(NotAllowed):
        count_as(by=make.make_person("Al"), attained=old, counts_as=new, starts=today, uuid=uuid4())
    rule = count_as(by=teacher, attained=old, counts_as=new, starts=today, uuid=uuid4())
    with pytest.raises(DomainError, match="begins on"):
        end_equivalence(by=teacher, equivalence=rule, ends=today - timedelta(days=1), uuid=uuid4())
    end_equivalence(by=teacher, equivalence=rule, ends=today, uuid=uuid4())
    with pytest.raises(Conflict):
        end_equivalence(by=teacher, equivalence=rule, ends=today, uuid=uuid4())
