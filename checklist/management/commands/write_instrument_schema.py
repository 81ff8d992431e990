"""manage.py write_instrument_schema: the JSON Schema of instrument files, from the tables of the program."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from checklist.instrument_schema import schema_text


class Command(BaseCommand):
    help = "Write fixtures/instruments/schema.json anew; run it after a change to kinds or rules."

    def add_arguments(self, parser):
        default = Path(settings.BASE_DIR) / "fixtures" / "instruments" / "schema.json"
        parser.add_argument("--output", type=Path, default=default, help="file to write (default: %(default)s)")

    def handle(self, *args, output, **options):
        output.write_text(schema_text(), encoding="utf-8")
        self.stdout.write(f"Written: {output}")
