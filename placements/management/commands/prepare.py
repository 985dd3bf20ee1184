"""Brings a migrated database to where the portal can be used; run again it changes nothing."""

from typing import Any

from django.apps import apps
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from placements import shipped
from school.core import badges, checkpoint, engine, seal
from school.core.errors import Conflict
from school.people.network import ensure_network
from school.people.shipped import load_sites


class Command(BaseCommand):
    help = "Loads the network, its sites, programme version 1, day types, hours rules, shipped courses, drafts of requirements and frameworks, makes the keys that sign checkpoints and badges and seal documents; in the demo, invented people too."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--without-demo", action="store_true", help="leave out the invented people"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("createcachetable", verbosity=0)
        ensure_network()
        load_sites()
        try:
            shipped.load()
        except Conflict as error:
            raise CommandError(error.message) from None
        if not checkpoint.public_file().exists():
            checkpoint.make_key()
        if not seal.certificate_file().exists():
            seal.make_key()
        if not badges.public_file().exists():
            badges.make_key()
        # By name: courses and what is required stand beside this app, the frameworks and the pages above it.
        call_command("load_courses")
        call_command("load_requirements")
        call_command("load_frameworks")
        call_command("load_assessments")
        call_command("ensure_pages")
        engine.count_rows(connection)
        if (
            apps.is_installed("school.demo")
            and not options["without_demo"]
            and "build_demo" in get_commands()
        ):
            call_command("build_demo")
