"""A large, varied round for benchmarks: the same seed gives the same proposals and answers."""

import datetime as dt
import io
import random
from decimal import Decimal

from checklist.actions.assignments import assign_reviewers
from checklist.actions.rounds import open_round
from checklist.demo.building import DemoExists
from checklist.demo.bulk import submit_assessments
from checklist.demo.people import demo_people
from checklist.demo.sheets import make_pool
from checklist.selectors.instruments import pinned_versions, sheet
from proposals.actions.imports import NewRow, import_at_once
from proposals.actions.rounds import change_round, grant_role
from proposals.enums import ExploitationForm, FourP, Population, RoundPhase, VictimContact
from proposals.models import FundingRound, Proposal
from proposals.validators import ProposalFacts
from screening import tabular
from screening.actions import create_user
from screening.enums import RoundRole
from screening.models import User

PER_FILE = 2_000
ASSESSMENTS_EACH = 3
NEAR = 0.12  # how far apart reviewers of one proposal usually judge

AREAS = {
    "KH": ("Battambang", "Banteay Meanchey", "Siem Reap", "Preah Sihanouk", "Svay Rieng"),
    "LA": ("Savannakhet", "Champasak", "Luang Namtha", "Vientiane Capital"),
    "MM": ("Myawaddy", "Myeik", "Tachileik", "Yangon"),
    "TH": ("Ranong", "Samut Sakhon", "Chiang Rai", "Mae Sot", "Trat"),
    "VN": ("An Giang", "Nghệ An", "Lào Cai", "Quảng Ninh"),
    "CN": ("Yunnan", "Guangxi"),
}
APPROACHES = (
    "Legal aid for",
    "Safe migration desks for",
    "Aftercare and work for",
    "Port interviews with",
    "Recruitment monitoring with",
    "Village savings for",
    "A hotline for",
    "Shelter and counselling for",
    "Training with",
    "Community watch with",
    "Court support for",
    "Debt mediation for",
)
GROUPS = (
    "fishers",
    "domestic workers",
    "returning survivors",
    "boys in begging rings",
    "migrant builders",
    "young brides",
    "people held in scam compounds",
    "stateless families",
    "garment workers",
    "children online",
)
NAMES = ("River", "Lotus", "Harbour", "Lantern", "Bridge", "Banyan", "Monsoon", "Heron", "Terrace", "Compass")
KINDS = ("Foundation", "Union", "Network", "Centre", "Institute", "Association", "Collective", "Trust")
SENTENCES = (
    "Local partners refer people and take over cases after the grant.",
    "A survey of last year shows who is at risk and why.",
    "Staff speak the languages of the group.",
    "Results are measured against a baseline and read every quarter.",
    "The work continues what an earlier grant began.",
    "Materials are tried out with the people they are for.",
    "Officials are trained at the request of the province.",
    "The first results are expected within half a year.",
)


def build_large(*, proposals, reviewers, seed, today, say):
    """Make the round BENCH-<N> with three submitted assessments for each proposal, and return it."""
    reference = f"BENCH-{proposals}"
    if FundingRound.objects.filter(reference=reference).exists():
        raise DemoExists(f"The round {reference} is here already. Nothing was changed.")
    rng = random.Random(seed)  # noqa: S311 - invented data
    people = demo_people()
    round_ = _open(reference, people, today)
    panel = _reviewers(round_, people, max(reviewers, ASSESSMENTS_EACH))
    received = _receive(round_, proposals, rng, today, people["officer"])
    say(f"{len(received)} proposals are registered.")
    assignments = _assign(round_, received, panel, people["officer"])
    say(f"{len(assignments)} reviewers are asked.")
    versions = [sheet(pk) for pk in pinned_versions(round_)]
    pool = make_pool(versions, rng)
    submit_assessments(round_=round_, chosen=_choose(assignments, len(pool), rng), pool=pool, sheets=versions, say=say)
    return round_


def _open(reference, people, today):
    round_ = FundingRound(
        reference=reference,
        title=f"Benchmark round ({reference})",
        donor_name="Lantern Fund",
        description="A large invented round, to see how quick the program is.",
        reviewers_wanted=ASSESSMENTS_EACH,
        opens_on=today - dt.timedelta(days=90),
        closes_on=today - dt.timedelta(days=30),
        review_due_on=today + dt.timedelta(days=14),
        is_demo=True,
    )
    open_round(round_=round_, officer=people["officer"], by=people["admin"])
    round_.phase = RoundPhase.REVIEW
    return change_round(round_=round_, by=people["officer"])


def _reviewers(round_, people, count):
    """The demo's three reviewers and as many others as asked for, who cannot sign in."""
    panel = [people[name] for name in ("reviewer1", "reviewer2", "reviewer3")][:count]
    for number in range(len(panel) + 1, count + 1):
        email = f"reviewer{number}@bench.example"
        known = User.objects.filter(email=email).first()
        panel.append(known or create_user(email=email, name=f"Reviewer {number:03}", organisation_name="Bench"))
    for reviewer in panel:
        grant_role(round_=round_, user=reviewer, role=RoundRole.REVIEWER, by=people["officer"])
    return panel


def _receive(round_, count, rng, today, officer):
    """Import the proposals file by file, as an officer would."""
    for start in range(0, count, PER_FILE):
        numbers = range(start, min(start + PER_FILE, count))
        all_facts = [_facts(number, rng, today) for number in numbers]
        columns = ("title", "applicant", "amount")
        rows = ((facts.title, facts.applicant, facts.amount) for facts in all_facts)
        import_at_once(
            round_=round_,
            file=io.BytesIO(b"".join(tabular.write_csv(columns, rows))),
            name=f"bench-{start // PER_FILE + 1}.csv",
            sheet="",
            mapping={name: name for name in columns},
            new=[
                NewRow(line, facts, f"bench-{number}")
                for line, (number, facts) in enumerate(zip(numbers, all_facts, strict=True), start=2)
            ],
            changed=[],
            skipped=0,
            update_existing=False,
            by=officer,
        )
    return list(Proposal.objects.filter(round=round_).order_by("pk"))


def _facts(number, rng, today):
    country = rng.choice(list(AREAS))
    areas = rng.sample(AREAS[country], k=min(len(AREAS[country]), rng.randint(1, 2)))
    starts_on = today + dt.timedelta(days=rng.randint(30, 240))
    group = rng.choice(GROUPS)
    return ProposalFacts(
        title=f"{rng.choice(APPROACHES)} {group} in {areas[0]}, {number + 1}",
        summary=" ".join(rng.sample(SENTENCES, k=rng.randint(3, 6))),
        applicant=_organisation(rng, number // 4),
        partners=tuple(_organisation(rng, rng.randrange(number // 4 + 3)) for _ in range(rng.choice((0, 0, 1, 1, 2)))),
        places=tuple((country, area) for area in areas),
        starts_on=starts_on,
        ends_on=starts_on + dt.timedelta(days=365 * rng.randint(1, 3)),
        amount=Decimal(round(rng.lognormvariate(12, 0.7), -2)).quantize(Decimal(1)),
        currency=rng.choice(("USD", "USD", "USD", "EUR", "THB")),
        exploitation=tuple(rng.sample(ExploitationForm.values, k=rng.randint(1, 2))),
        populations=tuple(rng.sample(Population.values, k=rng.randint(1, 3))),
        four_p=tuple(rng.sample(FourP.values, k=rng.randint(1, 2))),
        victim_contact=rng.choice(VictimContact.values),
        language="en",
    )


def _organisation(rng, number):
    return f"{NAMES[number % len(NAMES)]} {KINDS[number // len(NAMES) % len(KINDS)]} {number + 1} (invented)"


def _assign(round_, received, panel, officer):
    """Ask three reviewers for each proposal, the same number of proposals for everybody."""
    made = []
    for first in range(len(panel)):
        group = received[first :: len(panel)]
        asked = {panel[(first + step) % len(panel)].pk for step in range(ASSESSMENTS_EACH)}
        made += assign_reviewers(
            round_=round_,
            proposals=group,
            reviewers=[reviewer for reviewer in panel if reviewer.pk in asked],
            due_on=round_.review_due_on,
            by=officer,
        )
    return made


def _choose(assignments, size, rng):
    """(assignment, place in the pool): judgements of one proposal lie near each other, most of the time."""
    quality = {pk: rng.random() for pk in dict.fromkeys(each.proposal_id for each in assignments)}
    chosen = []
    for each in assignments:
        judged = quality[each.proposal_id] + rng.gauss(0, NEAR)
        chosen.append((each, min(size - 1, max(0, int(judged * size)))))
    return chosen
