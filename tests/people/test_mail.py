"""The outbox: what is owed, handed over once to a real server, put off, refused, and cut off by a killed worker."""

import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django_tasks_db.models import DBTaskResult

from school.core import clock
from school.people import mail, tasks
from school.people.models import Mail
from tests.sink import Sink, listening

ROOT = Path(__file__).resolve().parent.parent.parent


def owe(number: int = 1, **given: Any) -> Mail:
    """A message owed."""
    fields = {
        "address": f"alice{number}@trust.example",
        "kind": "digest",
        "subject": "2 shifts wait for you",
        "body": f"Message {number}.",
    }
    made = mail.owe(**{**fields, **given})
    assert made is not None
    return made


def make_due(made: Mail) -> None:
    """Let the pause or the lease of a message end now."""
    Mail.objects.filter(pk=made.pk).update(not_before=clock.now())


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """A server that the settings point at."""
    with listening() as made:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", made.port
        settings.EMAIL_TIMEOUT = 10
        yield made


@pytest.fixture
def refusals() -> Iterator[list[Mail]]:
    """The refused messages of kind "digest" that a handler was told of."""
    told: list[Mail] = []
    mail.mail_refused("digest", told.append)
    yield told
    mail._refused["digest"].remove(told.append)


# Owing


@pytest.mark.django_db
def test_owe_keeps_message_and_task_together() -> None:
    made = owe(subject=" 2 shifts\nwait  for you ")
    task = DBTaskResult.objects.get()
    assert (made.subject, made.state, made.attempts) == ("2 shifts wait for you", "waiting", 0)
    assert made.message_id == f"<{made.uuid}@portal.example>"
    assert (task.task_path, task.args_kwargs["args"]) == (
        "school.people.mail.send",
        [str(made.uuid)],
    )


@pytest.mark.django_db
def test_owe_rolled_back_leaves_neither_message_nor_task() -> None:
    with transaction.atomic():
        owe()
        transaction.set_rollback(True)
    assert (Mail.objects.count(), DBTaskResult.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_owe_twice_under_one_key_is_one_message() -> None:
    first = owe(once_key="digest:alice:2026-11-03")
    second = mail.owe(
        address="alice@trust.example",
        kind="digest",
        subject="3 shifts",
        body="Later.",
        once_key="digest:alice:2026-11-03",
    )
    assert second is None
    assert list(Mail.objects.values_list("uuid", flat=True)) == [first.uuid]
    assert DBTaskResult.objects.count() == 1


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_owe_from_ten_threads_under_one_key_is_one_message() -> None:
    answers: list[Mail | None] = []
    ready = threading.Barrier(10)

    def try_once() -> None:
        try:
            ready.wait()
            answers.append(
                mail.owe(
                    address="a@b.example", kind="digest", subject="S", body="B", once_key="same"
                )
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=try_once) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 10
    assert [answer.uuid for answer in answers if answer] == [Mail.objects.get().uuid]
    assert DBTaskResult.objects.count() == 1


@pytest.mark.django_db
def test_owe_of_a_code_goes_before_other_work() -> None:
    owe()
    owe(2, kind="login_code")
    assert list(DBTaskResult.objects.values_list("priority", flat=True)) == [mail.FIRST, 0]


@pytest.mark.django_db
def test_owe_message_writes_its_text_to_each_address() -> None:
    message = EmailMultiAlternatives(
        "Your code", "It is 123456.", to=["Alice <alice@trust.example>", "bob@trust.example"]
    )
    message.attach_alternative("<p>It is 123456.</p>", "text/html")
    made = mail.owe_message(message, kind="login_code")
    assert [(row.address, row.body) for row in made] == [
        ("alice@trust.example", "It is 123456."),
        ("bob@trust.example", "It is 123456."),
    ]


# Handing over


@pytest.mark.django_db
def test_deliver_hands_over_once(sink: Sink) -> None:
    made = owe(body="Grüße, Ålice.\n.\nA line of one dot is part of it.")
    assert mail.deliver(made.uuid) is mail.Outcome.SENT
    assert mail.deliver(made.uuid) is mail.Outcome.NOT_OURS
    made.refresh_from_db()
    (message,) = sink.messages
    payload = message.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert payload.decode().replace("\r\n", "\n").strip() == made.body
    assert (message["Message-ID"], message["To"]) == (made.message_id, "alice1@trust.example")
    assert (made.state, made.attempts, made.error) == ("sent", 1, "")
    assert made.sent_at is not None


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["code", "login_code", "password_reset_key", "sign_link"])
def test_deliver_blanks_the_secret_it_handed_over(sink: Sink, kind: str) -> None:
    made = owe(kind=kind, body="It is 123456.")
    mail.deliver(made.uuid)
    made.refresh_from_db()
    assert (made.state, made.body) == ("sent", "")
    assert "It is 123456." in str(sink.messages[0])


@pytest.mark.django_db
def test_deliver_leaves_a_message_that_another_holds(sink: Sink) -> None:
    made = owe()
    assert mail._claim(made.uuid) is not None
    assert mail.deliver(made.uuid) is mail.Outcome.NOT_OURS
    make_due(made)
    assert mail.deliver(made.uuid) is mail.Outcome.SENT
    assert sink.ids() == [made.message_id]


@pytest.mark.django_db
def test_deliver_waits_until_a_message_is_due(sink: Sink) -> None:
    made = owe(not_before=clock.now() + timedelta(hours=1))
    assert mail.deliver(made.uuid) is mail.Outcome.NOT_OURS
    assert sink.ids() == []


@pytest.mark.django_db
def test_deliver_put_off_tries_again_after_growing_pauses_and_then_gives_up(
    sink: Sink, refusals: list[Mail]
) -> None:
    sink.answer_recipient = "451 Try later"
    made = owe()
    pauses = []
    for _ in mail.PAUSES:
        before = clock.now()
        assert mail.deliver(made.uuid) is mail.Outcome.PUT_OFF
        made.refresh_from_db()
        pauses.append(round((made.not_before - before).total_seconds() / 60))
        assert (made.state, made.error) == ("waiting", "451 Try later")
        make_due(made)
    assert pauses == [1, 5, 30, 120, 480, 1440]
    assert mail.deliver(made.uuid) is mail.Outcome.REFUSED
    made.refresh_from_db()
    assert (made.state, made.error, made.attempts) == ("refused", "451 Try later", 7)
    mail.tell_refused.call(str(made.uuid))
    assert [row.pk for row in refusals] == [made.pk]


@pytest.mark.django_db
@pytest.mark.parametrize("said_at", ["answer_recipient", "answer_data"])
def test_deliver_refused_for_good_is_refused_at_once(
    sink: Sink, refusals: list[Mail], said_at: str
) -> None:
    setattr(sink, said_at, "550 No such user")
    made = owe()
    assert mail.deliver(made.uuid) is mail.Outcome.REFUSED
    made.refresh_from_db()
    assert (made.state, made.error) == ("refused", "550 No such user")
    telling = DBTaskResult.objects.get(task_path="school.people.mail.tell_refused")
    telling.task.call(*telling.args_kwargs["args"])
    assert [row.pk for row in refusals] == [made.pk]


@pytest.mark.django_db
def test_deliver_of_an_address_that_is_none_is_refused(sink: Sink) -> None:
    made = owe(address="@")
    assert mail.deliver(made.uuid) is mail.Outcome.REFUSED
    made.refresh_from_db()
    assert made.error.startswith("The message could not be made:")
    assert sink.messages == []


@pytest.mark.django_db
def test_deliver_without_a_server_is_put_off(settings: Any) -> None:
    with listening() as gone:
        port = gone.port
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    made = owe()
    assert mail.deliver(made.uuid) is mail.Outcome.UNREACHABLE
    made.refresh_from_db()
    assert made.state == "waiting"
    assert made.error.startswith("ConnectionRefusedError:")


@pytest.mark.django_db
def test_deliver_on_a_newcomers_machine_writes_a_file(settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    made = owe()
    assert mail.deliver(made.uuid) is mail.Outcome.SENT
    (written,) = tmp_path.iterdir()
    assert f"Message-ID: {made.message_id}" in written.read_text()


@pytest.mark.django_db
def test_deliver_cut_off_each_time_is_given_up(sink: Sink) -> None:
    made = owe()
    for _ in range(len(mail.PAUSES) + 1):
        assert mail._claim(made.uuid) is not None
        make_due(made)
    assert mail.deliver(made.uuid) is mail.Outcome.REFUSED
    assert sink.messages == []


@pytest.mark.django_db
def test_try_again_queues_a_refused_message_but_none_whose_secret_is_gone(sink: Sink) -> None:
    sink.answer_recipient = "550 No such user"
    plain, secret = owe(), owe(2, kind="login_code")
    for made in (plain, secret):
        mail.deliver(made.uuid)
    assert mail.try_again(mail=plain, by=plain.uuid) is True
    assert mail.try_again(mail=secret, by=plain.uuid) is False
    sink.answer_recipient = "250 OK"
    assert mail.deliver(plain.uuid) is mail.Outcome.SENT
    assert sink.ids() == [plain.message_id]


# In processes of their own


def environment(process_environment: dict[str, str], sink: Sink) -> dict[str, str]:
    """For a worker that sends to the sink."""
    return {
        **process_environment,
        "DJANGO_SETTINGS_MODULE": "tests.people.smtp_settings",
        "TEST_SMTP_PORT": str(sink.port),
    }


def worker(env: dict[str, str], *more: str) -> subprocess.Popen[bytes]:
    """A real worker."""
    command = ["manage.py", "db_worker", "--verbosity", "0", "--no-startup-delay", *more]
    return subprocess.Popen([sys.executable, *command], cwd=ROOT, env=env, stdin=subprocess.DEVNULL)


def unfinished() -> int:
    """How many messages are not with the server yet."""
    return Mail.objects.exclude(state="sent").count()


@pytest.mark.engine
@pytest.mark.parametrize(
    ("seed", "count"),
    [(1, 5), *(pytest.param(*more, marks=pytest.mark.slow) for more in [(2, 14), (3, 30)])],
)
def test_killed_workers_lose_no_message_and_double_none(
    process_environment: dict[str, str], seed: int, count: int
) -> None:
    chance = random.Random(seed)
    with listening() as sink:
        # The server keeps a message and only then answers: most kills fall into that moment.
        sink.dawdle_data = 0.05
        env = environment(process_environment, sink)
        owed = [owe(number).message_id for number in range(count)]
        kills = 0
        deadline = time.monotonic() + 30 * count
        while unfinished() and time.monotonic() < deadline:
            tasks.send_due_mail.enqueue()  # as the clock does every minute
            running = worker(env, "--interval", "0.1")
            arrived = len(sink.messages)
            while (
                len(sink.messages) == arrived
                and unfinished()
                and running.poll() is None
                and time.monotonic() < deadline
            ):
                time.sleep(0.005)
            time.sleep(chance.uniform(0, 0.25))
            running.send_signal(signal.SIGKILL)
            running.wait()
            kills += 1
            time.sleep(0.3)  # the hand-over under way ends without its worker
        assert unfinished() == 0
        assert Counter(sink.ids()) == Counter(owed)
        assert kills >= 2


@pytest.mark.engine
def test_hand_over_cut_off_before_the_end_is_made_once(
    process_environment: dict[str, str],
) -> None:
    with listening() as sink:
        sink.dawdle_recipient = 30
        made = owe()
        code = (
            "import django, uuid, sys; django.setup();"
            "from school.people import mail; mail.deliver(uuid.UUID(sys.argv[1]))"
        )
        alone = subprocess.Popen(
            [sys.executable, "-c", code, str(made.uuid)],
            cwd=ROOT,
            env=environment(process_environment, sink),
            stdin=subprocess.DEVNULL,
        )
        while not sink.recipients:
            time.sleep(0.01)
        os.kill(alone.pid, signal.SIGKILL)
        alone.wait()
        made.refresh_from_db()
        assert (made.state, made.attempts) == ("sending", 1)
        assert list(mail.due()) == []
        sink.dawdle_recipient = 0
        make_due(made)  # fifteen minutes later
        tasks.send_due_mail.enqueue()
        done = worker(environment(process_environment, sink), "--batch")
        assert done.wait(60) == 0
        assert sink.ids() == [made.message_id]


@pytest.mark.engine
def test_several_workers_send_each_message_once(process_environment: dict[str, str]) -> None:
    with listening() as sink:
        owed = [owe(number).message_id for number in range(30)]
        tasks.send_due_mail.enqueue()
        env = environment(process_environment, sink)
        running = [worker(env, "--batch") for _ in range(3)]
        assert [process.wait(300) for process in running] == [0, 0, 0]
        assert sorted(sink.ids()) == sorted(owed)


def test_only_the_outbox_opens_a_mail_server() -> None:
    found = {
        str(path.relative_to(ROOT))
        for package in ("school", "placements", "logbooks", "cms")
        for path in (ROOT / package).rglob("*.py")
        if re.search(
            r"smtplib|send_mail\(\s*[\"']|get_connection\(|send_mass_mail|mail_admins|\.send\(\)",
            path.read_text(),
        )
    }
    # answers.py knows the faults that smtplib raises and opens nothing.
    assert found == {"school/people/mail.py", "school/people/answers.py"}
