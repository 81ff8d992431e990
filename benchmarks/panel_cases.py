"""A round as a panel has it (200 proposals, three of 25 reviewers each): the work behind it, and its pages.

Called by `benchmarks/run` as `panel_cases.py SIZE REVIEWERS REPEATS FILE`, with SCREENING_DATA and DATABASE_URL set.
"""

import json
import statistics
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import django


@dataclass(frozen=True)
class Work:
    """Something that takes seconds: by the clock and by the processor, the median over the runs; `note` says of what."""

    name: str
    wall: float
    cpu: float
    note: str


def main(size, reviewers, repeats, target):
    django.setup()
    from django.core.management import call_command

    call_command("prepare", stdout=sys.stderr)
    call_command("create_demo", proposals=size, reviewers=reviewers, stdout=sys.stderr)
    works = [asdict(each) for each in measured_work(size, reviewers)]
    pages = [each.as_dict() for each in measured_pages(size, repeats)]
    Path(target).write_text(json.dumps({"works": works, "pages": pages}))


def measured_work(size, reviewers, runs=3):
    """A plan for as many proposals that nobody was asked about, and agreement over all that is judged."""
    from django.db import transaction

    from checklist.actions.plans import make_plan
    from checklist.selectors.agreement import ratings_of, work_out
    from proposals.models import FundingRound
    from screening.models import User

    from .cases import OFFICER

    judged, officer = FundingRound.objects.get(reference=f"BENCH-{size}"), User.objects.get(email=OFFICER)
    fresh = unassigned_copy(judged)
    most = -(-size * 3 // reviewers) + 2

    def plan():
        with transaction.atomic():
            made = make_plan(round_=fresh, per_proposal=3, most=most, seed=1, overlap=True, by=officer)
            pairs = made.pairs.count()
            transaction.set_rollback(True)
        return pairs

    yield timed_work("automatic plan", plan, runs, f"{size} proposals, {reviewers} reviewers, at most {most} each")
    ratings = ratings_of(judged, officer)
    yield timed_work("agreement, all statistics", lambda: work_out(ratings), runs, f"{ratings.size} ratings")


def timed_work(name, work, runs, note):
    walls, processor = [], []
    for _ in range(runs):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        processor.append(time.process_time() - cpu)
    return Work(name, statistics.median(walls), statistics.median(processor), note)


def unassigned_copy(round_):
    """A round with the same proposals and reviewers in which nobody was asked yet."""
    from proposals.models import FundingRound, Proposal, RoleGrant

    old_pk = round_.pk
    copy = FundingRound.objects.get(pk=old_pk)
    copy.pk, copy.reference = None, f"{round_.reference}-PLAN"
    copy._state.adding = True
    copy.save()
    grants = RoleGrant.objects.filter(round_id=old_pk).values_list("user_id", "role")
    RoleGrant.objects.bulk_create([RoleGrant(round=copy, user_id=user, role=role) for user, role in grants])
    rows = Proposal.objects.filter(round_id=old_pk).values("reference", "title", "applicant_id", "amount", "currency")
    Proposal.objects.bulk_create([Proposal(round=copy, status="received", **row) for row in rows], batch_size=500)
    return copy


def measured_pages(size, repeats):
    """The pages of a panel, as its officer opens them."""
    from django.urls import reverse

    from checklist.selectors.panel_rounds import panel_rows
    from proposals.models import FundingRound
    from screening.models import User

    from .cases import OFFICER, client_of
    from .measuring import measure_page, read

    round_ = FundingRound.objects.get(reference=f"BENCH-{size}")
    rows, _waiting = panel_rows(User.objects.get(email=OFFICER), round_)
    officer, place = client_of(OFFICER), [round_.reference]
    ranking = reverse("checklist:round-ranking", args=place)
    addresses = {
        "ranking": ranking,
        "ranking, adjusted": f"{ranking}?by=adjusted",
        "agreement, worked out": reverse("checklist:round-agreement", args=place),
        "panel of the round": reverse("checklist:round-panel", args=place),
        "panel matrix of a proposal": reverse("checklist:proposal-panel", args=[rows[0].proposal.pk]),
        "decisions": reverse("checklist:decision-list", args=place),
    }
    for name, address in addresses.items():
        floor = f"/floor/list/{round_.pk}/{max(1, read(officer.get(address)).count(b'<tr'))}/"
        yield measure_page(
            name, "panel", lambda at=address: officer.get(at), lambda at=floor: officer.get(at), repeats=repeats
        )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
