"""Mail as people want it: at once, gathered, in the portal only, and never in their quiet hours."""

import threading
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from school.core import clock, days
from school.core.errors import DomainError
from school.people import digests, mail, preferences, tasks
from school.people.envelope import because, message
from school.people.models import Mail, MailPreference, Person
from school.people.roles import STUDENT
from school.people.telling import tell
from tests.people import cast

LINK = "https://portal.example/inbox/"


@pytest.fixture
def alice(db: None) -> Person:
    """Somebody with an account who has chosen nothing."""
    return cast.with_account("Alice Amber", STUDENT)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the London clock: at(2026, 11, 3, 22, 15)."""

    def set_to(*moment: int) -> datetime:
        now = days.local(
            datetime(*moment[:5], tzinfo=days.LONDON)  # type: ignore[misc]
        ).astimezone(clock.now().tzinfo)
        monkeypatch.setattr(clock, "now", lambda: now)
        return now

    return set_to


def choose(
    person: Person, digest: str, begins: time | None = None, ends: time | None = None
) -> None:
    """What the page does."""
    digests.choose(by=person, digest=digest, quiet_from=begins, quiet_until=ends)


def one(person: Person, subject: str = "A question about your hours", **given: Any) -> Mail:
    """A thing to do."""
    made = tell(person, "shift_decided", subject, "It is about Tuesday.", LINK, **given)
    assert made is not None
    return made


def london(moment: datetime) -> str:
    """A moment on the London clock."""
    return days.local(moment).strftime("%a %d %H:%M")


# Where a message waits


@pytest.mark.parametrize(
    ("digest", "state", "when"),
    [
        ("at_once", "waiting", "Tue 03 22:15"),
        ("daily", "held", "Wed 04 07:30"),
        ("weekly", "held", "Mon 09 07:30"),
        ("never", "kept", "Tue 03 22:15"),
    ],
)
def test_message_waits_as_its_reader_chose(
    alice: Person, at: Any, digest: str, state: str, when: str
) -> None:
    at(2026, 11, 3, 22, 15)
    choose(alice, digest)
    made = one(alice)
    assert (made.state, london(made.not_before)) == (state, when)
    assert DBTaskResult.objects.count() == (1 if digest == "at_once" else 0)


def test_without_a_choice_news_come_once_a_day(alice: Person, at: Any) -> None:
    at(2026, 11, 3, 12, 0)
    assert (one(alice).state, MailPreference.objects.count()) == ("held", 0)


@pytest.mark.parametrize(
    "kind", ["login_code", "invitation", "confirmation_link", "statement_ready"]
)
def test_what_opens_a_door_or_was_asked_for_comes_at_once(
    alice: Person, at: Any, kind: str
) -> None:
    now = at(2026, 11, 3, 23, 0)
    choose(alice, "never", time(22), time(7))
    made = tell(alice, kind, "S", "W", urgent=kind == "statement_ready")
    assert made is not None
    assert (made.state, made.not_before) == ("waiting", now)
    assert mail._claim(made.uuid) is not None


def test_who_has_no_account_hears_at_once(db: None) -> None:
    assert one(cast.a_person("Mo Mentor", "mo@trust.example")).state == "waiting"


def test_merged_person_hears_as_whom_they_are_one_with_chose(alice: Person) -> None:
    from uuid import uuid4

    from school.people.merging import merge_people
    from school.people.roles import ADMINISTRATOR

    other = cast.a_person("A. Amber", "amber@trust.example")
    admin = cast.with_account("Ada Admin", ADMINISTRATOR)
    merge_people(kept=alice, merged=other, by=admin, uuid=uuid4())
    choose(alice, "never")
    assert one(other).state == "kept"


@pytest.mark.parametrize(
    ("digest", "state", "when"),
    [
        ("at_once", "waiting", "Wed 04 08:00"),
        ("daily", "held", "Wed 04 08:00"),
        ("weekly", "held", "Mon 09 08:00"),
    ],
)
def test_quiet_hours_move_a_message_to_their_end(
    alice: Person, at: Any, digest: str, state: str, when: str
) -> None:
    at(2026, 11, 3, 22, 15)
    choose(alice, digest, time(21), time(8))
    made = one(alice)
    assert (made.state, london(made.not_before)) == (state, when)


def test_message_that_was_put_off_into_the_quiet_hours_waits_for_their_end(
    alice: Person, at: Any
) -> None:
    at(2026, 11, 3, 20, 50)
    choose(alice, "at_once", time(21), time(8))
    made = one(alice)
    at(2026, 11, 3, 21, 20)
    assert mail.deliver(made.uuid) is mail.Outcome.NOT_OURS
    made.refresh_from_db()
    assert (made.state, london(made.not_before), made.attempts) == ("waiting", "Wed 04 08:00", 0)
    at(2026, 11, 4, 8, 0)
    assert mail.deliver(made.uuid) is mail.Outcome.SENT


# Choosing


@pytest.mark.parametrize(
    ("digest", "state", "queued"),
    [("at_once", "waiting", 1), ("weekly", "held", 0), ("never", "kept", 0)],
)
def test_choice_moves_what_waits(
    alice: Person, at: Any, digest: str, state: str, queued: int
) -> None:
    at(2026, 11, 3, 12, 0)
    made, code = one(alice), tell(alice, "proof_code", "S", "W")
    before = DBTaskResult.objects.count()
    choose(alice, digest)
    made.refresh_from_db()
    assert code is not None
    code.refresh_from_db()
    assert (made.state, code.state) == (state, "waiting")
    assert DBTaskResult.objects.count() - before == queued


def test_choice_leaves_what_was_tried(alice: Person) -> None:
    choose(alice, "at_once")
    made = one(alice)
    Mail.objects.filter(pk=made.pk).update(attempts=1, error="TimeoutError: timed out")
    choose(alice, "never")
    made.refresh_from_db()
    assert made.state == "waiting"


def test_choice_is_kept_with_its_history(alice: Person) -> None:
    choose(alice, "weekly", time(20), time(7))
    choose(alice, "daily")
    chosen = preferences.preference_of(alice)
    assert (chosen.digest, chosen.quiet_from, chosen.quiet_until) == ("daily", None, None)
    rows = MailPreference.history.order_by("history_id")
    assert [(row.digest, row.history_user) for row in rows] == [
        ("weekly", alice.user),
        ("daily", alice.user),
    ]


@pytest.mark.parametrize(
    ("begins", "ends", "field"),
    [
        (time(20), None, "quiet_until"),
        (None, time(7), "quiet_from"),
        (time(7), time(7), "quiet_until"),
    ],
)
def test_quiet_hours_need_a_beginning_and_another_end(
    alice: Person, begins: time | None, ends: time | None, field: str
) -> None:
    with pytest.raises(DomainError) as caught:
        choose(alice, "daily", begins, ends)
    assert (caught.value.field, MailPreference.objects.count()) == (field, 0)


# Putting together


def test_digest_gathers_what_is_held_under_one_subject_each(alice: Person, at: Any) -> None:
    at(2026, 11, 3, 12, 0)
    items = [
        one(alice),
        one(alice, "Your placement changed"),
        one(alice),
        one(cast.with_account("Bob Birch", STUDENT)),
    ]
    assert tasks.send_due_mail.func() == 0
    at(2026, 11, 4, 7, 30)
    assert digests.gather_due(10) == 2
    digest = Mail.objects.get(kind=digests.NEWS)
    assert (digest.subject, digest.address) == (
        "A question about your hours, and 1 more",
        "alice@trust.example",
    )
    about = f"It is about Tuesday.\n\n{LINK}"
    assert digest.body == (
        f"2 things for you.\n\n\n1. A question about your hours\n\n{about}\n\n{about}"
        f"\n\n\n2. Your placement changed\n\n{about}"
    )
    for item in items:
        item.refresh_from_db()
    assert [item.state for item in items] == ["gathered"] * 3 + ["waiting"]
    assert {item.gathered_in for item in items[:3]} == {digest}
    assert digests.gather_due(10) == 0


def test_digest_waits_for_the_end_of_the_quiet_hours(alice: Person, at: Any) -> None:
    at(2026, 11, 3, 12, 0)
    made = one(alice)
    choose(alice, "daily", time(6), time(9))
    Mail.objects.filter(pk=made.pk).update(not_before=clock.now())
    at(2026, 11, 4, 7, 30)
    assert digests.gather_due(10) == 0
    made.refresh_from_db()
    assert (made.state, london(made.not_before)) == ("held", "Wed 04 09:00")


def test_digest_goes_to_the_address_of_its_day(alice: Person, at: Any) -> None:
    at(2026, 11, 3, 12, 0)
    made = one(alice)
    assert alice.user is not None
    alice.user.email = "alice@new.example"
    alice.user.save()
    at(2026, 11, 4, 7, 31)
    digests.gather_due(10)
    made.refresh_from_db()
    assert (made.state, made.address) == ("waiting", "alice@new.example")


def test_newer_message_takes_the_place_of_one_that_is_held(alice: Person, at: Any) -> None:
    choose(alice, "weekly")
    at(2026, 11, 3, 7, 0)
    first = one(alice, replaces=True, once_key="tuesday")
    at(2026, 11, 4, 7, 0)
    second = one(alice, replaces=True, once_key="wednesday")
    assert list(Mail.objects.all()) == [second]
    assert tell(alice, "shift_decided", "S", "W", once_key="wednesday", replaces=True) is None
    assert list(Mail.objects.all()) == [second]
    assert first.uuid != second.uuid


def test_refused_digest_tells_of_everything_it_held(alice: Person, at: Any) -> None:
    told: list[tuple[str, str]] = []
    handler = lambda made: told.append((str(made.uuid), made.error))  # noqa: E731
    mail.mail_refused("shift_decided", handler)
    try:
        at(2026, 11, 3, 12, 0)
        items = [one(alice), one(alice, "Another")]
        at(2026, 11, 4, 7, 30)
        digests.gather_due(10)
        digest = Mail.objects.get(kind=digests.NEWS)
        assert mail._claim(digest.uuid) is not None
        digest.refresh_from_db()
        mail._refuse(digest, "550 No such user")
        task = DBTaskResult.objects.get(task_path="school.people.mail.tell_refused")
        task.task.call(*task.args_kwargs["args"])
    finally:
        mail._refused["shift_decided"].remove(handler)
    assert told == [(str(item.uuid), "550 No such user") for item in items]


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_two_workers_make_one_digest() -> None:
    person = cast.with_account("Alice Amber", STUDENT)
    for number in range(5):
        one(person, f"Thing {number}")
    Mail.objects.update(not_before=clock.now())
    ready, made = threading.Barrier(4), []

    def gather() -> None:
        try:
            ready.wait()
            made.append(digests.gather(person, clock.now()))
        finally:
            connection.close()

    threads = [threading.Thread(target=gather) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [False, False, False, True]
    digest = Mail.objects.get(kind=digests.NEWS)
    assert set(Mail.objects.exclude(pk=digest.pk).values_list("state", "gathered_in")) == {
        ("gathered", digest.pk)
    }


# What it looks like


def test_foot_says_why_it_came_and_the_header_where_to_change_it(alice: Person) -> None:
    because("shift_decided", "the hours are yours")
    sent = message(one(alice))
    assert sent.extra_headers["List-Unsubscribe"] == "<http://127.0.0.1:8000/account/mail/>"
    assert str(sent.body).splitlines()[-1] == (
        "You get this because the hours are yours. "
        "Choose how often and when: http://127.0.0.1:8000/account/mail/"
    )


def test_code_has_no_foot(alice: Person) -> None:
    code = tell(alice, "proof_code", "S", "It is 123456.")
    assert code is not None
    sent = message(code)
    assert ("List-Unsubscribe" in sent.extra_headers, sent.body) == (False, "It is 123456.")


def test_digest_moment_is_half_past_seven_whatever_day(alice: Person, at: Any) -> None:
    at(2026, 10, 24, 12, 0)  # the night on which the clocks go back follows
    made = one(alice)
    assert made.not_before - clock.now() == timedelta(hours=20, minutes=30)
