"""A real server that refuses, delays and hangs up at every stage: no mail lost, none sent twice, each failure shown where it belongs."""

import random
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from school.core import clock
from school.people import mail
from school.people.models import Mail, RefusedAddress
from school.people.roles import ADMINISTRATOR, STUDENT
from school.people.telling import tell
from tests.people import cast
from tests.sink import STAGES, Sink, listening


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """A server that the settings point at, and little patience with it."""
    with listening() as made:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", made.port
        settings.EMAIL_TIMEOUT = 0.3
        yield made


def owed(number: int = 1) -> Mail:
    """A message to somebody with an account, which is due."""
    person = cast.with_account(f"P{number} Sampleby", STUDENT)
    made = tell(person, "shift_decided", "A question", "It is about Tuesday.", urgent=True)
    assert made is not None
    return made


def attempt(made: Mail) -> mail.Outcome:
    """Hand it over as the worker does when its pause is over."""
    Mail.objects.filter(pk=made.pk, state__in=["waiting", "sending"]).update(not_before=clock.now())
    outcome = mail.deliver(made.uuid)
    made.refresh_from_db()
    return outcome


def words(response: Any) -> str:
    """What the page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def own_page(made: Mail) -> str:
    """What its reader's page of messages says."""
    assert made.person is not None
    client = Client()
    client.force_login(made.person.user)  # type: ignore[arg-type]
    return words(client.get("/account/messages/"))


def system_page() -> str:
    """What the page for staff says."""
    person = cast.with_account("Ada Admin", ADMINISTRATOR)
    return words(cast.signed_in(person, cast.with_app(person)).get("/system/"))


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["drop", "silence"])
@pytest.mark.parametrize("stage", STAGES)
def test_broken_conversation_is_had_again_and_arrives(sink: Sink, stage: str, how: str) -> None:
    made = owed()
    sink.stop_at, sink.stop_how = stage, how
    assert attempt(made) is mail.Outcome.UNREACHABLE
    assert (made.state, made.attempts, made.error != "") == ("waiting", 1, True)
    assert made.error in own_page(made)
    sink.stop_at = ""
    assert attempt(made) is mail.Outcome.SENT
    assert attempt(made) is mail.Outcome.NOT_OURS
    # The documented doubt: a server that kept the message and never said so gets it again, under the
    # Message-ID by which it knows that it has it.
    times = 2 if stage == "answer" else 1
    assert Counter(sink.ids()) == {made.message_id: times}
    assert (made.state, made.error, RefusedAddress.objects.count()) == ("sent", "", 0)


@pytest.mark.django_db
@pytest.mark.parametrize("said_at", ["answer_recipient", "answer_data"])
@pytest.mark.parametrize(
    ("answer", "marks"),
    [("550 5.1.1 No such user", True), ("552 5.2.2 Mailbox full", True), ("550 5.7.1 Not from you", False)],
)  # fmt: skip
def test_refusal_for_good_shows_where_it_should(
    sink: Sink, said_at: str, answer: str, marks: bool
) -> None:
    made = owed()
    setattr(sink, said_at, answer)
    assert attempt(made) is mail.Outcome.REFUSED
    assert (made.state, made.error) == ("refused", answer)
    assert f"The mail server did not take it: {answer}" in own_page(made)
    assert ("Mail to you comes back" in own_page(made)) is marks
    said = system_page()
    assert f"{answer}" in said
    assert (f"{made.address} Whose P1 Sampleby" in said) is marks
    assert sink.ids() == []


@pytest.mark.engine
@pytest.mark.django_db
@pytest.mark.parametrize("said_at", ["answer_recipient", "answer_data"])
def test_refusal_for_now_is_put_off_and_given_up_in_the_end(sink: Sink, said_at: str) -> None:
    made = owed()
    setattr(sink, said_at, "452 4.2.2 Mailbox full")
    for _ in mail.PAUSES:
        assert attempt(made) is mail.Outcome.PUT_OFF
        assert (made.state, RefusedAddress.objects.count()) == ("waiting", 0)
    assert attempt(made) is mail.Outcome.REFUSED
    assert (RefusedAddress.objects.get().address, sink.ids()) == (made.address, [])


@pytest.mark.django_db
def test_refused_code_shows_and_stays_secret(sink: Sink) -> None:
    person = cast.with_account("Alice Amber", STUDENT)
    made = tell(person, "proof_code", "Your code", "It is 314159.")
    assert made is not None
    sink.answer_recipient = "550 5.1.1 No such user"
    assert attempt(made) is mail.Outcome.REFUSED
    said = own_page(made)
    assert ("5.1.1 No such user" in said, "314159" in said, made.body) == (True, False, "")


@pytest.mark.engine
@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2])
def test_server_in_trouble_loses_no_message_and_doubles_none_it_answered(
    sink: Sink, seed: int
) -> None:
    chance = random.Random(seed)
    messages = [owed(number) for number in range(12)]
    unanswered: Counter[str] = Counter()
    while chance.random() < 0.98 and any(made.state != "sent" for made in messages):
        for made in messages:
            if made.state == "sent":
                continue
            # A pause between attempts has no length here, so that no message is given up.
            Mail.objects.filter(pk=made.pk).update(attempts=0)
            sink.stop_at = chance.choice([*STAGES, "", ""])
            sink.answer_recipient = chance.choice(["250 OK", "250 OK", "451 Later"])
            kept = len(sink.messages)
            outcome = attempt(made)
            if outcome is not mail.Outcome.SENT and len(sink.messages) > kept:
                unanswered[made.message_id] += 1
    sink.stop_at, sink.answer_recipient = "", "250 OK"
    for made in messages:
        if made.state != "sent":
            assert attempt(made) is mail.Outcome.SENT
    assert Counter(sink.ids()) - unanswered == Counter(made.message_id for made in messages)
    assert set(Mail.objects.values_list("state", flat=True)) == {"sent"}
