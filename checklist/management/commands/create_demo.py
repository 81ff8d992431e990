"""manage.py create_demo: the invented round of the demo, or a large set for benchmarks."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from checklist.demo.building import STAGES, DemoExists, IncompleteReview, build_demo
from checklist.demo.content import read_content
from checklist.models import InstrumentVersion
from checklist.yaml_reading import InvalidFile
from screening.installation import DEMO_MARKER

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "demo"


class Command(BaseCommand):
    help = (
        "Make the demo: invented people, one round for the Greater Mekong, a dozen invented proposals with documents, "
        "and assessments in every state. With --proposals: a large, varied round for benchmarks instead, with three "
        "submitted assessments each. What is here already is not made twice."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--stage",
            choices=STAGES,
            default="review",
            help="how far the round has come (default: %(default)s). panel: one decision is pending; "
            "decided: all are recommended, decided and applied",
        )
        parser.add_argument("--proposals", type=int, metavar="N", help="make N proposals for benchmarks")
        parser.add_argument("--reviewers", type=int, metavar="N", help="for benchmarks: this many reviewers (12)")
        parser.add_argument("--seed", type=int, default=1, help="for benchmarks: the same seed gives the same set (1)")

    def handle(self, *args, stage, proposals, reviewers, seed, verbosity, **options):
        if proposals is None and reviewers is not None:
            raise CommandError("--reviewers goes with --proposals: the small demo has three.")
        if not InstrumentVersion.objects.usable().exists():
            call_command("load_instruments", stdout=self.stdout, stderr=self.stderr)
        try:
            if proposals is None:
                self._make_small(stage, verbosity)
            else:
                self._make_large(proposals, reviewers, seed)
        except (DemoExists, IncompleteReview, InvalidFile) as refusal:
            raise CommandError(str(refusal)) from refusal
        transaction.on_commit(self._mark)

    def _make_small(self, stage, verbosity):
        say = self.stdout.write if verbosity > 1 else (lambda text: None)
        for folder in (FOLDER, FOLDER / "flags"):
            round_ = build_demo(content=read_content(folder), stage=stage, today=timezone.localdate(), say=say)
            made = round_.proposals.count()
            self.stdout.write(f"Made {round_.reference}: {made} invented, stage {stage}.")

    def _make_large(self, proposals, reviewers, seed):
        from checklist.demo.large import build_large

        round_ = build_large(
            proposals=proposals, reviewers=reviewers or 12, seed=seed, today=timezone.localdate(), say=self.stdout.write
        )
        self.stdout.write(f"Made {round_.reference}: {proposals} proposals with three submitted assessments each.")

    def _mark(self):
        """From now on the sign-in page shows the accounts."""
        settings.SCREENING_DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
        (settings.SCREENING_DATA / DEMO_MARKER).touch(mode=0o600)
