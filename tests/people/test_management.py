"""The command that makes the first administrator."""

import pytest
from django.core.management import CommandError, call_command

from school.people.models import Mail, Person
from school.people.network import ensure_network
from school.people.queries import hats

pytestmark = pytest.mark.django_db


def test_first_administrator_gets_the_role_and_one_invitation(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ensure_network()
    call_command("first_administrator", "Lewis Anonby", "Lewis@example.org")
    person = Person.objects.get(email="lewis@example.org")
    assert [hat.label for hat in hats(person)] == ["Administrator, The PET-CT network"]
    assert [mail.address for mail in Mail.objects.all()] == ["lewis@example.org"]
    assert "is sent an invitation" in capsys.readouterr().out


def test_first_administrator_run_again_gives_the_role_once() -> None:
    ensure_network()
    for _ in range(2):
        call_command("first_administrator", "Lewis Anonby", "lewis@example.org")
    assert len(hats(Person.objects.get())) == 1


def test_first_administrator_with_no_address_says_so() -> None:
    with pytest.raises(CommandError, match="nowhere is not an email address"):
        call_command("first_administrator", "Lewis Anonby", "nowhere")
