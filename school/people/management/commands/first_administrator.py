"""Gives the administrator's role to somebody by name and address, and invites them: nobody else could be the first."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from school.core import clock, ledger
from school.core.models import PORTAL
from school.people.actions import add_person, ensure_role, invite
from school.people.network import network_book, network_scope
from school.people.roles import ADMINISTRATOR


class Command(BaseCommand):
    help = "Makes a person an administrator and mails them an invitation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("address")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["address"])
        except Exception as error:
            raise CommandError(f"{options['address']} is not an email address.") from error
        person = add_person(name=options["name"], email=options["address"])
        with ledger.writing(network_book()) as pen:
            ensure_role(
                person=person,
                role=ADMINISTRATOR,
                scope=network_scope(),
                from_day=clock.today(),
                pen=pen,
                by=PORTAL,
            )
        invited = invite(person=person, by=None)
        said = (
            "has an account already"
            if invited.had_account
            else "is sent an invitation by the worker"
        )
        self.stdout.write(f"{person.name} is an administrator and {said}.")
