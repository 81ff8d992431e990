"""Write a report to a file, the same one that the application hands out."""

import os
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from checklist.reporting.scorecard import scorecard_of
from checklist.selectors.letterheads import paper_of
from checklist.selectors.scorecards import assessments_for_reports
from screening.pdf import PdfUnavailable, ReportFailed

REPORTS = ("scorecard",)


class Command(BaseCommand):
    help = "Write the PDF of a report to a file: render_report scorecard --assessment 12 --output card.pdf"

    def add_arguments(self, parser):
        parser.add_argument("report", choices=REPORTS, help="which report")
        parser.add_argument("--assessment", type=int, required=True, metavar="ID", help="number of the assessment")
        parser.add_argument("--output", type=Path, required=True, metavar="FILE", help="where to write the PDF")
        parser.add_argument(
            "--language",
            choices=[code for code, _name in settings.LANGUAGES],
            help="language of the report; the one the assessment was written in by default",
        )

    def handle(self, *, report, assessment, output, language, **options):
        found = assessments_for_reports().filter(pk=assessment).first()
        if found is None:
            raise CommandError(f"There is no assessment {assessment}.")
        if not found.is_submitted:
            raise CommandError(f"Assessment {assessment} is a draft. A scorecard is issued once it is submitted.")
        if not output.parent.is_dir():
            raise CommandError(f"There is no directory {output.parent}.")
        if output.is_dir():
            raise CommandError(f"{output} is a directory. Name a file.")
        try:
            paper = paper_of(found.proposal.round)
            _card, document = scorecard_of(found, language=language or found.language, paper=paper)
            made = document.make_here()
            self._write(output, made.data)
        except (PdfUnavailable, ReportFailed) as problem:
            raise CommandError(str(problem)) from problem
        except OSError as problem:
            raise CommandError(f"{output} cannot be written: {problem.strerror}") from problem
        pages = f"{made.page_count} page" + ("s" if made.page_count != 1 else "")
        self.stdout.write(f"{output}: {pages}, {len(made.data):,} bytes")

    def _write(self, output, data):
        """All of it or nothing."""
        part = output.with_name(f".{output.name}.part")
        part.write_bytes(data)
        os.replace(part, output)
