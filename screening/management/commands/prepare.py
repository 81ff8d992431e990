"""Bring the data directory and the database to the state that this code needs."""

import io
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection, transaction

from screening import installation
from screening.demo import DEMO_ACCOUNTS
from screening.models import User

ALREADY_IN_USE = 2  # exit status


class Command(BaseCommand):
    help = (
        "Make directories, migrate, collect static files and load the instruments. "
        "In a database without people, also make the demo or the first administrator. Safe to run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        first = parser.add_mutually_exclusive_group()
        first.add_argument("--demo", action="store_true", help="an empty database gets the demo data")
        first.add_argument("--empty", action="store_true", help="an empty database gets an administrator only")

    def handle(self, *, demo: bool, empty: bool, **options: Any) -> None:
        installation.make_directories(settings.SCREENING_DATA)
        self._reach_database()
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        # Says for each file that it is there already. A number that somebody took for her own version
        # must not keep the site from starting.
        call_command("load_instruments", keep_own=True, stdout=io.StringIO())
        if User.objects.exists():
            if empty and installation.is_demo(settings.SCREENING_DATA):
                msg = (
                    f"{settings.SCREENING_DATA} holds the demo. Take another directory for an empty system: "
                    "./start --empty --data DIRECTORY"
                )
                raise CommandError(msg, returncode=ALREADY_IN_USE)
        elif demo:
            self._create_demo()
        elif empty:
            call_command("create_administrator")
        if installation.is_demo(settings.SCREENING_DATA):
            self._show_demo_accounts()

    def _reach_database(self) -> None:
        try:
            connection.ensure_connection()
        except OperationalError as error:
            msg = f"The database cannot be reached: {str(error).strip()}\nCheck DATABASE_URL."
            raise CommandError(msg) from error

    def _create_demo(self) -> None:
        """All or nothing: a demo that was interrupted is made again at the next start."""
        self.stdout.write("Making the demo data...")
        self.stdout.flush()
        with transaction.atomic():
            call_command("create_demo")
        (settings.SCREENING_DATA / installation.DEMO_MARKER).touch(mode=0o600)

    def _show_demo_accounts(self) -> None:
        self.stdout.write("\nThe demo is on. Invented people can sign in with these accounts:")
        width = max(len(str(account.role)) for account in DEMO_ACCOUNTS)
        for account in DEMO_ACCOUNTS:
            self.stdout.write(f"  {account.role!s:<{width}}  {account.email:<24}  {account.password}")
        self.stdout.write("")
