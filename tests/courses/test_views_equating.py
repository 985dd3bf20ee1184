"""The rules by which one course counts as another, on their page and as a file."""

from uuid import uuid4

import pytest

from school.core import clock
from school.courses.actions.equating import count_as
from tests.courses import making
from tests.courses.test_actions_equating import two
from tests.placements.browsers import browser

pytestmark = pytest.mark.django_db


def test_rules_are_taken_away_as_a_file() -> None:
    teacher, today = making.make_teacher(), clock.today()
    old, new = two(teacher)
    client = browser(teacher)
    assert "/equivalences/file/csv/" not in client.get("/equivalences/").content.decode()
    count_as(by=teacher, attained=old, counts_as=new, starts=today, uuid=uuid4())
    assert "/equivalences/file/csv/" in client.get("/equivalences/").content.decode()
    answer = client.get("/equivalences/file/csv/")
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert lines[1:] == ["Attained,Counts as,From,To", f"Old,New,{today},"]
    assert b"".join(client.get("/equivalences/file/xlsx/").streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
