"""Send the daily e-mails now, or say who would get one."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from checklist.actions.digests import mail_digests
from checklist.actions.reminders import remind
from checklist.selectors.notices import digest_of, digest_time, people_to_mail


class Command(BaseCommand):
    help = "Send the daily e-mail of this day to everybody who was told something new. The worker does this by itself."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say who would get how many notices; send nothing")

    def handle(self, *, dry_run: bool, **options: Any) -> None:
        now = timezone.now()
        if dry_run:
            self.say_who(digest_time(now))
            return
        remind(now=now)
        mailed = mail_digests(now=now)
        self.stdout.write(f"{mailed.people} people were sent the daily e-mail.")
        if mailed.failed:
            raise CommandError(f"{mailed.failed} people could not be sent theirs. The log says why.")

    def say_who(self, due: Any) -> None:
        """One line for each person who would get an e-mail."""
        number = 0
        for user in people_to_mail(due):
            notices = digest_of(user, due)
            if notices:
                number += 1
                self.stdout.write(f"{user.email}: {len(notices)} notices")
        self.stdout.write(f"{number} people would be sent the daily e-mail.")
