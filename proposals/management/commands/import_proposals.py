"""Put the proposals of a spreadsheet into a round, from a shell."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from proposals.actions.imports import CannotImport, import_at_once
from proposals.imports.fields import FIELDS, NOTES, InvalidMapping, check_mapping, suggest_mapping
from proposals.imports.plan import CHANGED, NEW, SAME, WRONG, plan_rows
from proposals.imports.rows import check_rows
from proposals.models import ColumnMapping, FundingRound
from screening.tabular import TableProblem, read_table


class Command(BaseCommand):
    help = (
        "Import a CSV or XLSX file with one proposal per row, all rows or none. Known column titles match "
        "themselves; --map says it otherwise, and then only the columns named count. Exit code 1 on errors."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--round", required=True, dest="reference", help="reference of the funding round")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="OURS=THEIRS",
            help=f"our field and the title of their column; may be repeated. Ours: {', '.join([*FIELDS, NOTES])}",
        )
        parser.add_argument("--sheet", help="sheet of a workbook; the first one with rows by default")
        parser.add_argument("--dry-run", action="store_true", help="check and say what would happen, write nothing")
        parser.add_argument("--update", action="store_true", help="update proposals that are here already and differ")

    def handle(self, *, file, reference, dry_run, update, sheet, **options):
        round_ = self._round(reference)
        try:
            with file.open("rb") as opened:
                table = read_table(opened, file.name, sheet)
                mapping = self._mapping(options["map"], table)
                rows = check_rows(table, mapping, currency=round_.currency)
                plan = plan_rows(rows, round_=round_, by=None, remarks=table.problems)
                self._report(plan, verbosity=options["verbosity"])
                if dry_run:
                    self.stdout.write("Nothing was written (--dry-run).")
                    return
                self._import(opened, file.name, round_, table, mapping, plan, update)
        except OSError as error:
            raise CommandError(f"{file} cannot be opened: {error.strerror}.") from error
        except (TableProblem, InvalidMapping) as problem:
            raise CommandError(f"{file.name}: {problem}") from problem

    def _round(self, reference):
        try:
            return FundingRound.objects.get(reference=reference)
        except FundingRound.DoesNotExist:
            known = ", ".join(FundingRound.objects.order_by("reference").values_list("reference", flat=True))
            raise CommandError(f"There is no round {reference!r}. Rounds: {known or 'none yet'}.") from None

    def _mapping(self, pairs, table):
        if not pairs:
            mapping, _kept = suggest_mapping(table.columns, list(ColumnMapping.objects.all()))
        else:
            mapping = {}
            for pair in pairs:
                ours, equals, theirs = pair.partition("=")
                if not equals:
                    raise CommandError(f"--map {pair}: write it as ours=theirs.")
                if ours == NOTES:
                    mapping.setdefault(NOTES, []).append(theirs)
                elif ours in mapping:
                    raise CommandError(f"--map {pair}: {ours} is mapped already.")
                else:
                    mapping[ours] = theirs
        check_mapping(mapping, table.columns)
        return mapping

    def _report(self, plan, *, verbosity):
        for remark in plan.remarks:
            self.stderr.write(remark)
        for row in plan.rows:
            for error in row.errors:
                where = f'line {row.line}, column "{error.column}"' if error.column else f"line {row.line}"
                self.stderr.write(f"{where}: {error.value!r}: {error.message}")
            if verbosity > 1:
                for notice in row.notices:
                    self.stdout.write(f"line {row.line}: {notice}")
        counts = plan.counts
        self.stdout.write(
            f"{counts['total']} rows: {counts[NEW]} new, {counts[CHANGED]} here already and changed, "
            f"{counts[SAME]} here already, {counts[WRONG]} with errors, {counts['notices']} with remarks"
            f"{'' if verbosity > 1 else ' (--verbosity 2 shows it)'}."
        )
        if counts[WRONG]:
            raise CommandError("Nothing was imported: mend the errors above.")

    def _import(self, opened, name, round_, table, mapping, plan, update):
        try:
            done = import_at_once(
                round_=round_,
                file=opened,
                name=name,
                sheet=table.sheet,
                mapping=mapping,
                by=None,
                **plan.for_action(update=update),
            )
        except CannotImport as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"Imported: {done.created_count} created, {done.updated_count} updated, {done.skipped_count} skipped."
        )
