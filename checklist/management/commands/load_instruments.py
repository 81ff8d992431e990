"""manage.py load_instruments: read the instrument files and publish what is new."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from checklist.actions import instruments as actions
from checklist.instrument_files import InvalidFile, read_crosswalk, read_instrument

CROSSWALK = "crosswalk.yaml"


class Command(BaseCommand):
    help = "Create and publish the instruments in fixtures/instruments. Running it again changes nothing."

    def add_arguments(self, parser):
        parser.add_argument(
            "--folder",
            type=Path,
            default=Path(settings.BASE_DIR) / "fixtures" / "instruments",
            help="folder with the *.yaml files (default: fixtures/instruments)",
        )

    def handle(self, *args, folder, **options):
        files = sorted(folder.glob("*.yaml"))
        if not files:
            raise CommandError(f"There are no instrument files in {folder}.")
        instruments = [file for file in files if file.name != CROSSWALK]
        crosswalks = [file for file in files if file.name == CROSSWALK]
        failed = [self._tried(self._load_instrument, file) for file in instruments].count(False)
        failed += [self._tried(self._load_crosswalk, file) for file in crosswalks].count(False)
        if failed:
            raise CommandError(f"{failed} of {len(files)} files could not be loaded; see above.")

    def _tried(self, load, file):
        """Load one file and say what was done; False, with every reason, when it was refused."""
        try:
            self.stdout.write(f"{file.name}: {load(file)}")
        except (
            InvalidFile,
            UnicodeDecodeError,
            actions.CannotLoadInstrument,
            actions.CannotPublishVersion,
            actions.CannotSetCrossWalk,
        ) as error:
            reasons = error.errors if isinstance(error, InvalidFile) else [f"{file.name}: {error}"]
            for reason in reasons:
                self.stderr.write(str(reason))
            return False
        return True

    def _load_instrument(self, file):
        source = read_instrument(file.read_text(encoding="utf-8"), file.name)
        loaded = actions.load_instrument(source=source, by=None)
        what = "published" if loaded.is_new else "is there already, unchanged"
        return f"{source.title}, version {source.version}: {what}"

    def _load_crosswalk(self, file):
        rows = read_crosswalk(file.read_text(encoding="utf-8"), file.name)
        changed = actions.set_cross_walk(rows=rows, by=None)
        return f"cross-walk with {len(rows)} links: {'set' if changed else 'is there already, unchanged'}"
