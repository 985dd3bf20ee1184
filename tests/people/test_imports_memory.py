"""A large import lets each row go when it is ready: rows and what they become were over half a gigabyte together."""

import gc

import pytest
from django.db import transaction

from school.core.files import reading, rows
from school.core.models import PORTAL
from school.people.imports.staff import STAFF
from school.people.imports.staff_row import StaffRow
from school.people.models import PostTerm
from school.people.network import ensure_network
from school.people.shipped import load_sites

FILE = """name,email,post,job role,staff group,site,from,line manager
Amara Holt,amara@hospital.example,P-1,Radiographer,Allied health,Freeman Hospital,2024-09-02,
Rhys Vale,rhys@hospital.example,P-2,Radiographer,Allied health,Freeman Hospital,2024-09-02,amara@hospital.example
Ines Moor,ines@hospital.example,P-3,Radiographer,Allied health,Freeman Hospital,2024-09-02,rhys@hospital.example
"""


def alive() -> int:
    """How many rows of staff are in memory."""
    gc.collect()
    return sum(type(one) is StaffRow for one in gc.get_objects())


@pytest.mark.django_db
def test_row_of_staff_is_let_go_when_it_is_ready_to_be_written() -> None:
    ensure_network()
    load_sites()
    before = alive()
    table = reading.read(FILE.encode(), rows.columns(StaffRow), StaffRow.IGNORED)
    sound, wrong = rows.check(StaffRow, table.rows)
    assert wrong == []
    plan = STAFF.plan(sound, None, PORTAL)
    del sound
    assert alive() - before == 3
    write = plan.ready(PORTAL)
    assert alive() - before == 0
    with transaction.atomic():
        write()
    managers = PostTerm.objects.order_by("entry__seq", "pk").values_list(
        "line_manager__name", flat=True
    )
    assert sorted(map(str, managers)) == ["Amara Holt", "None", "Rhys Vale"]
