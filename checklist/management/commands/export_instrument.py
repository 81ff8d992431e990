"""manage.py export_instrument: one version of an instrument as a file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from checklist.actions.exchange import record_instrument_export
from checklist.enums import VersionState
from checklist.instrument_writing import to_yaml
from checklist.models import InstrumentVersion
from checklist.selectors.studio import file_of
from checklist.workbooks.writing import CannotWriteWorkbook, write_workbook


class Command(BaseCommand):
    help = "Write an instrument as YAML, or as a workbook when the file ends in .xlsx. load_instruments reads both."

    def create_parser(self, prog_name, subcommand, **kwargs):
        # Every command of Django has a --version of its own; here the word means the instrument's.
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser):
        parser.add_argument("slug", help="name of the instrument in files, such as siren-donor-checklist")
        parser.add_argument("--version", type=int, dest="number", help="default: the newest that is no draft")
        parser.add_argument("--output", type=Path, required=True, help="file to write: .yaml or .xlsx")

    def handle(self, *args, slug, number, output, **options):
        versions = InstrumentVersion.objects.select_related("instrument").filter(instrument__slug=slug)
        wanted = versions.filter(number=number) if number else versions.exclude(state=VersionState.DRAFT)
        version = wanted.order_by("-number").first()
        if version is None:
            raise CommandError(f"There is no such version of {slug!r}.")
        try:
            data = _bytes(file_of(version), output)
        except CannotWriteWorkbook as problem:
            raise CommandError(str(problem)) from problem
        output.write_bytes(data)
        record_instrument_export(version=version, shape=output.suffix.removeprefix("."), by=None)
        self.stdout.write(f"{version}: written to {output}")


def _bytes(content, output):
    if output.suffix.lower() != ".xlsx":
        return to_yaml(content).encode()
    with write_workbook(content) as file:
        return file.read()
