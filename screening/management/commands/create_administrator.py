"""Add an administrator from a shell: the first one, or one more."""

import getpass
import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from screening import actions


class Command(BaseCommand):
    help = (
        "Add an administrator. Asks for what is not given; without a terminal it reads "
        "SCREENING_ADMIN_EMAIL, SCREENING_ADMIN_NAME and SCREENING_ADMIN_PASSWORD."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", default=os.environ.get("SCREENING_ADMIN_EMAIL", ""))
        parser.add_argument("--name", default=os.environ.get("SCREENING_ADMIN_NAME", ""))

    def handle(self, *, email: str, name: str, **options: Any) -> None:
        can_ask = sys.stdin.isatty()
        if can_ask:
            self.stdout.write("The first thing this site needs is an administrator.")
        while not _is_email(email):
            if not can_ask:
                raise CommandError("Set SCREENING_ADMIN_EMAIL to the e-mail address of the administrator.")
            email = input("E-mail address: ").strip()
        while not name and can_ask:
            name = input("Name: ").strip()
        name = name or email.partition("@")[0]
        self._create(email=email, name=name, can_ask=can_ask)
        self.stdout.write(f"{email} is an administrator and can sign in.")

    def _create(self, *, email: str, name: str, can_ask: bool) -> None:
        """Ask for passwords until one is good enough; without a terminal the first has to be."""
        password = os.environ.get("SCREENING_ADMIN_PASSWORD", "")
        while True:
            if not password:
                if not can_ask:
                    raise CommandError("Set SCREENING_ADMIN_PASSWORD to the password of the administrator.")
                password = self._ask_password()
            try:
                actions.create_user(
                    email=email, name=name, password=password, is_administrator=True, is_instrument_editor=True
                )
            except actions.CannotCreateUser as refusal:
                if not can_ask or "password" not in str(refusal).lower():
                    raise CommandError(str(refusal)) from refusal
                self.stderr.write(str(refusal))
                password = ""
            else:
                return

    def _ask_password(self) -> str:
        while True:
            first = getpass.getpass("Password (12 characters or more): ")
            if first and first == getpass.getpass("The same again: "):
                return first
            self.stderr.write("These were not the same.")


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
