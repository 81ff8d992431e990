"""manage.py load_instruments: read the instrument files and publish what is new."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from checklist.actions import instruments as actions
from checklist.actions.tensions import CannotSetTensions, set_tensions
from checklist.instrument_files import InvalidFile, read_crosswalk
from checklist.selectors.tensions import known_answers
from checklist.tension_files import read_tensions
from checklist.workbooks.reading import read_any

CROSSWALK, TENSIONS = "crosswalk.yaml", "tensions.yaml"


class Command(BaseCommand):
    help = "Create and publish instruments, those in fixtures/instruments or files. Again: changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="*", type=Path, help="instrument files or workbooks, instead of a folder")
        parser.add_argument(
            "--folder",
            type=Path,
            default=Path(settings.BASE_DIR) / "fixtures" / "instruments",
            help="folder with the *.yaml files (default: fixtures/instruments)",
        )

        parser.add_argument(
            "--keep-own",
            action="store_true",
            help="warn instead of failing where somebody wrote a version with the same number in the application",
        )

    def handle(self, *args, folder, files=(), keep_own=False, **options):
        self.keep_own = keep_own
        files = list(files) or sorted(folder.glob("*.yaml"))
        if not files:
            raise CommandError(f"There are no instrument files in {folder}.")
        for file in files:
            if not file.is_file():
                raise CommandError(f"There is no file {file}.")
        results = [self._tried(_read, file) for file in files if file.name not in (CROSSWALK, TENSIONS)]
        sources = [each for each in results if each]
        # The ones that every round begins with come first, here and wherever the order of loading shows.
        results += [self._said(_load_instrument, each) for each in sorted(sources, key=_place)]
        for name, load in ((CROSSWALK, _load_crosswalk), (TENSIONS, _load_tensions)):
            results += [self._said(load, (file, None)) for file in files if file.name == name]
        failed = results.count(None)
        if failed:
            raise CommandError(f"{failed} of {len(files)} files could not be loaded; see above.")

    def _said(self, load, each):
        """Load one file and say what was done; None when it was refused."""
        file, source = each
        said = self._tried(load, file, source)
        if said:
            self.stdout.write(f"{file.name}: {said}")
        return said

    def _tried(self, work, file, *more):
        """What `work` gives; None when it refused, after saying every reason."""
        try:
            return work(file, *more)
        except actions.OwnVersionThere as error:
            self.stderr.write(f"{file.name}: {error}")
            return "not loaded" if self.keep_own else None
        except (
            InvalidFile,
            UnicodeDecodeError,
            actions.CannotLoadInstrument,
            actions.CannotPublishVersion,
            actions.CannotSetCrossWalk,
            CannotSetTensions,
        ) as error:
            reasons = error.errors if isinstance(error, InvalidFile) else [f"{file.name}: {error}"]
            for reason in reasons:
                self.stderr.write(str(reason))
            return None


def _place(each):
    file, source = each
    return not source.is_default, file.name


def _read(file):
    return file, read_any(file.read_bytes(), file.name)


def _load_instrument(_file, source):
    loaded = actions.load_instrument(source=source, by=None)
    what = "published" if loaded.is_new else "is there already, unchanged"
    return f"{source.title}, version {source.version}: {what}"


def _load_crosswalk(file, _source):
    rows = read_crosswalk(file.read_text(encoding="utf-8"), file.name)
    changed = actions.set_cross_walk(rows=rows, by=None)
    return f"cross-walk with {len(rows)} links: {'set' if changed else 'is there already, unchanged'}"


def _load_tensions(file, _source):
    tensions = read_tensions(file.read_text(encoding="utf-8"), file.name, known_answers())
    changed = set_tensions(tensions=tensions, by=None)
    return f"{len(tensions)} tensions: {'set' if changed else 'are there already, unchanged'}"
