"""Sources of attainments: their headings and titles are said once, by who imports."""

from uuid import uuid4

import pytest

from school.core.errors import DomainError, NotAllowed
from school.courses.actions.sources import map_titles, save_source
from school.courses.models import ImportSource
from school.people.network import ensure_network
from school.people.roles import WORKFORCE_MANAGER
from tests import factories as make
from tests.courses import making

pytestmark = pytest.mark.django_db


def test_source_is_made_once_and_changed_under_its_identity() -> None:
    teacher, uuid = making.make_teacher(), uuid4()
    save_source(by=teacher, uuid=uuid, name="ESR", columns={"course": " Comp  Name ", "title": ""})
    save_source(by=teacher, uuid=uuid, name="ESR North", columns={"course": "Comp Name"})
    source = ImportSource.objects.get()
    assert (source.name, source.columns) == ("ESR North", {"course": "Comp Name"})
    with pytest.raises(DomainError, match="this name"):
        save_source(by=teacher, uuid=uuid4(), name="esr north", columns={})


def test_heading_that_is_named_twice_is_refused_at_its_field() -> None:
    with pytest.raises(DomainError, match="named twice") as refused:
        save_source(
            by=making.make_teacher(),
            uuid=uuid4(),
            name="ESR",
            columns={"course": "Name", "title": "name"},
        )
    assert refused.value.field == "title"


def test_title_that_is_said_again_is_another_course_from_then_on() -> None:
    teacher = making.make_teacher()
    fire, hand = (making.make_version(title, by=teacher).course for title in ("Fire", "Hand"))
    source = save_source(by=teacher, uuid=uuid4(), name="ESR", columns={})
    for course in (fire, hand):
        map_titles(by=teacher, source=source, courses={"NHS|X|": course})
    assert [(one.title, one.course) for one in source.titles.all()] == [("NHS|X|", hand)]


def test_only_roles_on_the_whole_network_say_what_a_source_means() -> None:
    alice, wes = make.make_person("Alice Amber"), make.make_person("Wes Workforce")
    make.make_grant(wes, WORKFORCE_MANAGER, make.make_site().scope)
    for person in (alice, wes):
        with pytest.raises(NotAllowed):
            save_source(by=person, uuid=uuid4(), name="ESR", columns={})
    make.make_grant(wes, WORKFORCE_MANAGER, ensure_network())
    assert save_source(by=wes, uuid=uuid4(), name="ESR", columns={}).name == "ESR"
