"""The page for staff about the machinery, the page of one's own long work, and requests that never talk to a mail server."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from school.core import clock, progress
from school.core.models import PORTAL, ConflictingWrite, JobRun
from school.people import mail
from school.people.models import Mail, Person
from school.people.roles import ADMINISTRATOR, ROLES, STUDENT
from tests.core import worktasks
from tests.people import cast
from tests.sink import listening

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Client:
    """An administrator's browser."""
    person = cast.with_account("Ada Admin", ADMINISTRATOR)
    return cast.signed_in(person, cast.with_app(person))


def failed_task() -> DBTaskResult:
    """A task that was given up."""
    task = DBTaskResult.objects.get(pk=worktasks.fail.enqueue("x").id)
    for number in range(5):
        task.claim(f"worker {number}")
    task.set_failed(ValueError("This task always fails."))
    return task


def refused_mail(kind: str = "digest") -> Mail:
    """A message that the server refused."""
    made = mail.owe(address="gone@trust.example", kind=kind, subject="2 shifts", body="Look.")
    assert made is not None
    Mail.objects.filter(pk=made.pk).update(
        state="refused", error="550 No such user", body="" if mail.is_secret(kind) else "Look."
    )
    return made


def words(response: Any) -> str:
    """What the page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_system_shows_what_failed_and_what_was_refused(admin: Client) -> None:
    failed_task()
    refused_mail()
    person = cast.a_person("Bob Birch")
    ConflictingWrite.objects.create(
        uuid=person.uuid, actor=person.uuid, kind="placements.shift", content={"note": "secret"}
    )
    page = admin.get("/system/")
    assert page.status_code == 200
    said = words(page)
    for expected in (
        "No worker is at work",
        "The clock is not running",
        "ValueError: This task always fails.",
        "None: given up",
        "550 No such user",
        "Bob Birch What placements.shift",
    ):
        assert expected in said
    assert "secret" not in said


def test_system_empty_says_so(admin: Client) -> None:
    Mail.objects.all().delete()
    JobRun.objects.create(job="people.send_due_mail", due_at=clock.now(), task_id=PORTAL)
    said = words(admin.get("/system/"))
    for expected in (
        "The clock is running.",
        "No task has failed",
        "All mail is sent",
        "No conflicting writes",
    ):
        assert expected in said


def test_system_takes_as_many_queries_for_one_row_as_for_thirty(admin: Client) -> None:
    counts = []
    for size in (1, 29):
        for _ in range(size):
            failed_task()
            refused_mail()
            ConflictingWrite.objects.create(uuid=PORTAL, actor=PORTAL, kind="k", content={})
        with CaptureQueriesContext(connection) as queries:
            admin.get("/system/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("key", sorted(set(ROLES) - {ADMINISTRATOR.key}))
def test_system_is_closed_to_other_roles(key: str) -> None:
    person = cast.with_account("Nora Nosy", ROLES[key])
    client = cast.signed_in(person, cast.with_app(person))
    task, made = failed_task(), refused_mail()
    answers = [
        client.get("/system/").status_code,
        client.post(f"/system/tasks/{task.pk}/retry/").status_code,
        client.post(f"/system/mail/{made.uuid}/retry/").status_code,
    ]
    assert answers == [403, 403, 403]
    task.refresh_from_db()
    made.refresh_from_db()
    assert (task.status, made.state) == ("FAILED", "refused")


def test_retry_task_queues_it_again(admin: Client) -> None:
    task = failed_task()
    answer = admin.post(f"/system/tasks/{task.pk}/retry/", follow=True)
    task.refresh_from_db()
    assert task.status == "READY"
    assert "The task was queued again." in words(answer)
    assert admin.get(f"/system/tasks/{task.pk}/retry/").status_code == 405


def test_retry_mail_queues_it_again_unless_its_secret_is_gone(admin: Client) -> None:
    plain, secret = refused_mail(), refused_mail("login_code")
    first = admin.post(f"/system/mail/{plain.uuid}/retry/", follow=True)
    second = admin.post(f"/system/mail/{secret.uuid}/retry/", follow=True)
    for made in (plain, secret):
        made.refresh_from_db()
    assert (plain.state, secret.state) == ("waiting", "refused")
    assert "The message was queued again." in words(first)
    assert "what it held is gone" in words(second)
    assert second.content.decode().count("Send now") == 1


# Long work


@pytest.fixture
def alice() -> tuple[Person, Client]:
    """A student and her browser."""
    person = cast.with_account("Alice Amber", STUDENT)
    return person, cast.signed_in(person)


def test_progress_is_seen_by_its_owner_only(alice: tuple[Person, Client]) -> None:
    person, client = alice
    work = progress.start(owner=person.uuid, title="Import of hours", total=1000)
    progress.move(work.uuid, 200)
    page = client.get(f"/progress/{work.uuid}/")
    assert "200 of 1,000" in words(page)
    bob = cast.signed_in(cast.with_account("Bob Birch", STUDENT))
    assert bob.get(f"/progress/{work.uuid}/").status_code == 404
    assert Client().get(f"/progress/{work.uuid}/").status_code == 302


def test_progress_asks_again_by_script_or_by_link_while_work_goes_on(
    alice: tuple[Person, Client],
) -> None:
    person, client = alice
    work = progress.start(owner=person.uuid, title="Import of hours")
    page = client.get(f"/progress/{work.uuid}/").content.decode()
    # No refresh by itself: a reader who cannot stop it would lose their place (WCAG 2.2.1, F41).
    assert "http-equiv" not in page
    assert page.count(">Look again</a>") == 1
    assert page.count(f'hx-get="/progress/{work.uuid}/"') == 1
    part = client.get(f"/progress/{work.uuid}/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "Waiting to start" in part
    progress.finish(work.uuid, "1,000 rows were kept.", link="/imports/1/")
    page = client.get(f"/progress/{work.uuid}/").content.decode()
    assert ("Look again" in page, "hx-get" in page) == (False, False)
    assert "Done. 1,000 rows were kept." in page
    assert 'href="/imports/1/"' in page


# Requests and SMTP


def test_requests_never_talk_to_the_mail_server(settings: Any) -> None:
    with listening() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        person = cast.with_account("Alice Amber", STUDENT)
        assert person.user is not None
        Client().post("/account/login/code/", {"email": person.user.email})
        owed = Mail.objects.get()
        assert (owed.kind, owed.state, sink.connections) == ("login_code", "waiting", 0)
        assert mail.deliver(owed.uuid) is mail.Outcome.SENT
        assert (sink.connections, sink.ids()) == (1, [owed.message_id])
