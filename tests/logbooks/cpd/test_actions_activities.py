"""Writing down an activity, changing it, taking it back, and keeping what the portal noticed."""

from datetime import date, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest

from logbooks.cpd.actions.activities import (
    Entered,
    add_activity,
    bring_back,
    change_activity,
    take_back,
    version,
)
from logbooks.cpd.actions.noticed import dismiss, offer_again
from logbooks.cpd.models import Activity, Noticed
from logbooks.cpd.queries import drafts, seen, waiting
from school.core import clock
from school.core.errors import Conflict, DomainError, NotAllowed
from school.people.models import Person
from tests.factories import make_person
from tests.races import at_once

NHS_NUMBER = "943 476 5919"


@pytest.fixture
def alice(db: None) -> Person:
    return make_person("Alice Amber")


@pytest.fixture
def bob(db: None) -> Person:
    return make_person("Bob Brown")


def entered(title: str = "Journal club", day: date | None = None, **values: object) -> Entered:
    day = day or clock.today()
    given = {"learning": "self-directed", "starts_on": day, "ends_on": day, **values}
    return Entered(title=title, **given)  # type: ignore[arg-type]


def see(person: Person, kind: str = "mentoring", days_ago: int = 0, **values: object) -> Noticed:
    day = clock.today().replace(day=1) - timedelta(days=days_ago)
    given = {"title": "Confirmed a shift", "day": day, "minutes": None, **values}
    return Noticed.objects.create(person=person, key=uuid4(), kind=kind, **given)


# Writing ---------------------------------------------------------------------------------------


def test_sent_twice_it_is_one_activity(alice: Person) -> None:
    uuid = uuid4()
    first = add_activity(by=alice, uuid=uuid, entered=entered())
    assert add_activity(by=alice, uuid=uuid, entered=entered()) == first
    assert Activity.objects.count() == 1


def test_same_uuid_with_other_words_is_refused_and_the_first_stands(alice: Person) -> None:
    uuid = uuid4()
    add_activity(by=alice, uuid=uuid, entered=entered())
    with pytest.raises(Conflict):
        add_activity(by=alice, uuid=uuid, entered=entered("Another"))
    assert Activity.objects.get().title == "Journal club"


def test_uuid_of_somebody_else_tells_nothing(alice: Person, bob: Person) -> None:
    uuid = uuid4()
    add_activity(by=alice, uuid=uuid, entered=entered())
    with pytest.raises(NotAllowed, match="cannot be saved"):
        add_activity(by=bob, uuid=uuid, entered=entered())


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"starts_on": date(2999, 1, 1), "ends_on": date(2999, 1, 1)}, "starts_on"),
        ({"ends_on": date(2999, 1, 1)}, "ends_on"),
        ({"ends_on": date(2001, 1, 1)}, "ends_on"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 366 * 24 * 60 + 1}, "minutes"),
        ({"learned": f"The patient {NHS_NUMBER}"}, "learned"),
        ({"practice": NHS_NUMBER}, "practice"),
        ({"benefit": NHS_NUMBER}, "benefit"),
        ({"title": NHS_NUMBER}, "title"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    alice: Person, values: dict[str, object], field: str
) -> None:
    with pytest.raises(DomainError) as refused:
        add_activity(by=alice, uuid=uuid4(), entered=entered(**values))
    assert refused.value.field == field
    assert not Activity.objects.exists()


def test_change_keeps_the_version_before(alice: Person) -> None:
    made = add_activity(by=alice, uuid=uuid4(), entered=entered())
    change_activity(by=alice, activity=made, entered=entered("Reading"), seen=version(made))
    assert [row.title for row in made.history.order_by("history_id")] == ["Journal club", "Reading"]


def test_words_that_were_not_seen_are_not_written_over(alice: Person) -> None:
    made = add_activity(by=alice, uuid=uuid4(), entered=entered())
    seen = version(made)
    change_activity(by=alice, activity=made, entered=entered("First window"), seen=seen)
    with pytest.raises(Conflict, match="another window"):
        change_activity(by=alice, activity=made, entered=entered("Second window"), seen=seen)
    # What says the same is no change, whoever saw what.
    change_activity(by=alice, activity=made, entered=entered("First window"), seen=seen)
    made.refresh_from_db()
    assert (made.title, version(made)) == ("First window", 2)


def test_nobody_writes_in_the_record_of_another(alice: Person, bob: Person) -> None:
    made = add_activity(by=alice, uuid=uuid4(), entered=entered())
    for act in (
        lambda: change_activity(by=bob, activity=made, entered=entered("Mine"), seen=1),
        lambda: take_back(by=bob, activity=made),
        lambda: bring_back(by=bob, activity=made),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_taken_back_it_stays_and_can_be_brought_back(alice: Person) -> None:
    made = add_activity(by=alice, uuid=uuid4(), entered=entered())
    assert take_back(by=alice, activity=made).taken_back_at is not None
    assert take_back(by=alice, activity=made).taken_back_at is not None
    assert bring_back(by=alice, activity=made).taken_back_at is None
    assert version(made) == 3


# What was noticed ------------------------------------------------------------------------------


def test_one_draft_a_month_for_each_kind(alice: Person) -> None:
    see(alice)
    see(alice)
    see(alice, days_ago=1)
    see(alice, kind="course", title="PET physics", minutes=90)
    found = drafts(waiting([alice.pk]))
    assert [(one.kind, len(one.lines)) for one in found] == [
        ("course", 1),
        ("mentoring", 2),
        ("mentoring", 1),
    ]
    course, mentoring, _ = found
    assert (course.title, course.minutes, course.is_guess) == ("PET physics", 90, False)
    assert mentoring.title.startswith("Students supported, ")
    assert (mentoring.minutes, mentoring.is_guess) == (30, True)


def test_nothing_is_claimed_without_an_act_and_kept_it_waits_no_more(alice: Person) -> None:
    lines = [see(alice), see(alice)]
    assert not Activity.objects.exists()
    made = add_activity(by=alice, uuid=uuid4(), entered=entered(), keeps=[one.key for one in lines])
    assert {one.activity for one in Noticed.objects.all()} == {made}
    assert not waiting([alice.pk]).exists()


def test_what_was_kept_already_makes_no_second_activity(alice: Person) -> None:
    line = see(alice)
    add_activity(by=alice, uuid=uuid4(), entered=entered(), keeps=[line.key])
    with pytest.raises(Conflict, match="meanwhile"):
        add_activity(by=alice, uuid=uuid4(), entered=entered("Twice"), keeps=[line.key])
    assert Activity.objects.count() == 1


def test_drafts_of_others_are_nobody_elses(alice: Person, bob: Person) -> None:
    line = see(alice)
    with pytest.raises(Conflict):
        add_activity(by=bob, uuid=uuid4(), entered=entered(), keeps=[line.key])
    assert dismiss(by=bob, keys=[line.key]) == 0
    assert offer_again(by=bob, keys=[line.key]) == 0
    assert waiting([alice.pk]).exists()


def test_dismissed_it_is_offered_no_more_until_it_is_asked_for(alice: Person) -> None:
    line = see(alice)
    assert dismiss(by=alice, keys=[line.key]) == 1
    assert dismiss(by=alice, keys=[line.key]) == 0
    assert not waiting([alice.pk]).exists()
    assert offer_again(by=alice, keys=[line.key]) == 1
    assert waiting([alice.pk]).exists()


def test_what_was_dismissed_meanwhile_is_not_kept(alice: Person) -> None:
    line = see(alice)
    dismiss(by=alice, keys=[line.key])
    with pytest.raises(Conflict, match="dismissed"):
        add_activity(by=alice, uuid=uuid4(), entered=entered(), keeps=[line.key])
    assert not Activity.objects.exists()


def test_told_of_two_records_of_one_person_it_is_one_line_and_kept_once(
    alice: Person, bob: Person
) -> None:
    line = see(alice, minutes=30)
    Noticed.objects.create(
        person=bob, key=line.key, kind=line.kind, title=line.title, day=line.day, minutes=30
    )
    [found] = drafts(waiting([alice.pk, bob.pk]))
    assert (len(found.lines), found.minutes) == (1, 30)


def test_checks_see_nothing_that_was_taken_back(alice: Person) -> None:
    made = add_activity(by=alice, uuid=uuid4(), entered=entered(practice="Better."))
    period = (clock.today(), clock.today())
    assert len(seen([alice.pk], period)) == 1
    take_back(by=alice, activity=made)
    assert seen([alice.pk], period) == []


def test_what_was_kept_is_not_dismissed(alice: Person) -> None:
    line = see(alice)
    add_activity(by=alice, uuid=uuid4(), entered=entered(), keeps=[line.key])
    with pytest.raises(Conflict):
        dismiss(by=alice, keys=[line.key])


def test_taken_back_its_parts_wait_again_but_what_was_undone(alice: Person) -> None:
    lines = [see(alice), see(alice, undone=True)]
    made = add_activity(by=alice, uuid=uuid4(), entered=entered(), keeps=[one.key for one in lines])
    take_back(by=alice, activity=made)
    assert [one.key for one in waiting([alice.pk])] == [lines[0].key]


def test_brought_back_its_parts_wait_no_more(alice: Person) -> None:
    lines = [see(alice) for _ in range(3)]
    keys = [one.key for one in lines]
    made = add_activity(by=alice, uuid=uuid4(), entered=entered(), keeps=keys)
    take_back(by=alice, activity=made)
    other = add_activity(by=alice, uuid=uuid4(), entered=entered("Again"), keeps=keys[:1])
    assert dismiss(by=alice, keys=keys[1:2]) == 1
    assert [one.key for one in waiting([alice.pk])] == keys[2:]
    bring_back(by=alice, activity=made)
    assert not waiting([alice.pk]).exists()
    assert [one.activity for one in Noticed.objects.order_by("pk")] == [other, None, made]


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_draft_kept_in_two_windows_at_once_is_one_activity() -> None:
    person = make_person("Alice Amber")
    line = see(person)

    def keep(uuid: UUID) -> Activity:
        return add_activity(by=person, uuid=uuid, entered=entered(), keeps=[line.key])

    outcomes = at_once([partial(keep, uuid4()) for _ in range(6)])
    assert Activity.objects.count() == 1
    assert sum(isinstance(one, Conflict) for one in outcomes) == 5


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_same_form_ten_times_at_once_is_one_activity() -> None:
    person, uuid = make_person("Alice Amber"), uuid4()
    add = partial(add_activity, by=person, uuid=uuid, entered=entered())
    assert {type(one) for one in at_once([add] * 10)} == {Activity}
    assert Activity.objects.count() == 1
