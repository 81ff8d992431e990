"""Nothing that is closed to somebody reaches her: every address, export, search, PDF, as everybody.

`everywhere.build` puts a word of its own on everything worth hiding. Everybody asks for every address in one phase
of the round (`EVERYWHERE`) and, where it is hers to see later or not at all, again in the others (`AGAIN`).
"""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core import mail
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from checklist.actions.digests import mail_digests
from checklist.enums import ReportKind
from checklist.models import Assessment, IssuedReport
from checklist.querysets import AssessmentQuerySet
from proposals.querysets import ProposalQuerySet
from screening.enums import JobState
from screening.jobs import JobRefused
from screening.models import Job
from screening.statements import KeptQuery

from .everywhere import PHASES, assignment_of, build, word
from .walking import JUDGEMENTS, MADE_ELSEWHERE, REPORTED, addresses, offered_in, pks, say_it_plainly, text_of

pytestmark = pytest.mark.django_db

# What these say is the same in every phase: instruments, people, what was set up and asked before the review.
SAME_IN_EVERY_PHASE = re.compile(
    r"/(instruments|people|organisations|components|settings|views|imports|letterhead|columns|verify|conflicts|plans"
    r"|rounds/(new|QX/(setup|imports|letterhead|letters|conflicts|plan|people|reviewers|instruments|practice|messages)))/"
)
# Made of the same reads before the decisions.
MADE_OF_THE_SAME = re.compile(r"/.*(dossier|batches|reports|offline|notices|eligibility|practice|questions)")
# Words that some people meet on those pages alone.
MET_ELSEWHERE = re.compile(
    r"(confirmation|dismissal|suspicion_|name_|conflict|declared_|abstention|refusal|reference|practice_|message|letter"
    r"|question_draft)"
)


@pytest.fixture
def plain_answers(monkeypatch):
    say_it_plainly(monkeypatch)


def ask_for_reports(client, world):
    """Three people who see different things ask for every PDF, and the officer for many at once; one is issued."""
    forms = [reverse("checklist:scorecard", args=[pk]) for pk in pks(Assessment, JUDGEMENTS)]
    forms += [
        reverse("checklist:report", args=[kind, pk])
        for kind in ReportKind
        if kind not in MADE_ELSEWHERE
        for pk in pks(*REPORTED[kind])
    ]
    for who in ("officer", "chair", "two"):
        client.force_login(world.people[who])
        for form in forms:
            client.post(form)
    client.force_login(world.people["officer"])
    many = reverse("checklist:batch-add", args=["QX"])
    look = {"language": "en", "paper": "a4", "names": "named"}
    for kind in ("scorecard", "proposal"):
        assert client.post(f"{many}?all=1", {"kind": kind, **look}).status_code == 302
    _do_all_jobs()
    card = IssuedReport.objects.filter(kind=ReportKind.SCORECARD, assessment=assignment_of(world, "one").assessment)
    assert IssuedReport.objects.filter(pk__in=card[:1]).update(number="QX/1", issued_at=timezone.now()) == 1


def _do_all_jobs():
    while waiting := list(Job.objects.filter(state=JobState.QUEUED)):
        for job in waiting:
            do(job)


def do(job):
    """The work of one job, in this thread."""
    app, name = job.kind.split(".")
    state = JobState.DONE
    try:
        import_string(f"{app}.jobs.handle_{name}")(job)
    except JobRefused:
        state = JobState.FAILED
    Job.objects.filter(pk=job.pk).update(state=state, finished_at=timezone.now())


def marker(secret):
    return secret if secret == FIRST_SHARE else word(secret)


def walk(client, world, every, again):
    """({secret: {who: addresses}}, exports that a page offers and nobody asked for)."""
    found = {secret: {} for secret in (*seen_by(world.phase), FIRST_SHARE)}
    offered, only_posted = set(), set()
    for who, asked in [(who, every) for who in EVERYWHERE[world.phase]] + [(who, again) for who in AGAIN[world.phase]]:
        client.logout()
        if who != "anonymous":
            client.force_login(world.people[who])
        for address in asked:
            if address in only_posted:
                continue
            response = client.get(address)
            if response.status_code == 405:
                only_posted.add(address)
                continue
            text = text_of(response)
            offered |= offered_in(address, text)
            for secret in found:
                if marker(secret) in text:
                    found[secret].setdefault(who, []).append(address)
    return found, offered - {*every}


def read_mail(world, found):
    """Add what the daily e-mail says to each of these people."""
    mail.outbox.clear()
    mail_digests(now=timezone.now() + timedelta(days=1))
    names = {world.people[who].email: who for who in walking(world.phase) - {"anonymous"}}
    for message in mail.outbox:
        if message.to[0] not in names:
            continue
        text = unescape(str(message.message()))
        for secret in found:
            if marker(secret) in text:
                found[secret].setdefault(names[message.to[0]], []).append("the daily e-mail")


# -- Who sees what ------------------------------------------------------------------------------------

# Everybody asks for every address once: reviewers while they owe, chairs while they sit, all others at the end, when
# everything is there that can be closed to them.
EVERYWHERE = {
    "review": ("one", "owing", "undeclared", "owing_officer"),
    "panel": ("chair", "two", "owing_chair", "conflicted_chair"),
    "decided": (
        "auditor", "officer", "observer", "conflicted", "conflicted_officer", "conflicted_auditor", "abstained",
        "elsewhere", "administrator", "instrument_editor", "stranger", "anonymous",
    ),
}  # fmt: skip
# Those to whom something is closed that others read by then, in the other phases: what can have changed is asked again.
AGAIN = {
    "review": ("two", "owing_chair", "conflicted"),
    "panel": ("owing", "undeclared", "conflicted"),
    "decided": ("two", "owing", "owing_chair", "owing_officer", "undeclared", "conflicted_chair"),
}
# Yes to all eleven items, of which the third is the wrong way round: as files and embedded data have it.
FIRST_SHARE = "90.909"
BY_ROLE = {"officer", "chair", "observer", "auditor"}
# A role beside the judgement that they owe helps them to nothing that others said.
READERS = {*BY_ROLE, "one", "two", "owing", "owing_chair", "owing_officer"}
ASSIGNING = {"officer", "chair", "auditor", "owing_chair", "owing_officer"}
# Not on this proposal: in lists of the people of the round, and of its other proposals.
SHUT_OUT = {"conflicted_chair", "conflicted_officer", "conflicted_auditor"}
ROUND_PEOPLE = {*ASSIGNING, "administrator", *SHUT_OUT}
# By role, where they do not owe a try themselves; a conflict closes the proposal that it is about, not this one.
PRACTICE_READERS = {*BY_ROLE, "one", *SHUT_OUT}


def walking(phase):
    return {*EVERYWHERE[phase], *AGAIN[phase]}


def judging(phase):
    """Those to whom the first judgement is open: by role, and with their own handed in."""
    return {*BY_ROLE, "one"} | ({"two"} if phase != "review" else set())


def seen_by(phase):
    """{secret: who sees it}, of everything that there is in this phase."""
    judged = judging(phase)
    discussing = judged - {"observer", "auditor"}
    by_two = judged if phase != "review" else {"two"}
    found = {
        "title": {*READERS, "undeclared"},
        "summary": READERS,
        "notes": READERS,
        "file_name": READERS,
        "file": READERS,
        "page": READERS,
        "ineligible": {*BY_ROLE, "owing_chair", "owing_officer", *SHUT_OUT},
        "conflict": {*ASSIGNING, "conflicted"},
        "abstention": {*ASSIGNING, "abstained"},
        "refusal": ASSIGNING,
        "confirmation": ASSIGNING,
        "dismissal": ASSIGNING,
        "suspicion_confirmed": ASSIGNING,
        "suspicion_dismissed": ASSIGNING,
        "suspicion_open": ASSIGNING,
        "declared_owing": {*ASSIGNING, "owing"},
        "name_one": {*ROUND_PEOPLE, "observer", "one"},
        "name_two": {*ROUND_PEOPLE, "two"} | ({"observer"} & by_two),
        "name_owing": {*ROUND_PEOPLE, "owing"},
        "discussion": discussing,
        "mention": discussing,
        # Whoever has handed in reads what the applicant was asked and answered.
        "question": judged,
        "answer": judged,
        "question_draft": BY_ROLE,
        "letter": BY_ROLE,
        "letter_to": BY_ROLE,
        **dict.fromkeys(("reference", "reference_view", "practice_one"), PRACTICE_READERS),
        "practice_owing": {"owing"},
        # Those it was sent to, and those who may send one.
        "message": {"officer", "owing_officer", "conflicted_officer", "one", "owing"},
    }
    for what in ("reason", "quote", "view", "override"):
        found |= {f"{what}_one": judged, f"{what}_two": by_two, f"{what}_owing": {"owing"}}
    if phase != "review":
        found |= dict.fromkeys(("consensus_words", "consensus_reason", "consensus_view", "consensus_override"), judged)
    if phase == "decided":
        found |= dict.fromkeys(
            ("advice", "advice_conditions", "stop_override", "decision", "decision_conditions"), BY_ROLE
        )
    return found


def that_may_differ(every, phase):
    """What those ask for who ask for everything in another phase."""
    practised = "|".join(map(str, pks(Assessment, Q(proposal__is_practice=True))))
    same = [SAME_IN_EVERY_PHASE, re.compile(rf"/assessments/({practised})/")]
    if phase != PHASES[-1]:
        same.append(MADE_OF_THE_SAME)
    return [address for address in every if not any(each.match(address) for each in same)]


def wrong_in(found, phase):
    """One sentence for everything that reaches somebody it must not reach, and the other way round."""
    wrong = []
    for secret, expected in seen_by(phase).items():
        seen, expected = set(found[secret]), expected & walking(phase)
        wrong += [f"{secret} reaches {who} at {found[secret][who][:3]}" for who in sorted(seen - expected)]
        if MET_ELSEWHERE.match(secret):
            expected &= {*EVERYWHERE[phase]}
        wrong += [f"{secret} does not reach {who} anywhere" for who in sorted(expected - seen)]
    return wrong + [
        f"A share reaches {who} at {where[:3]}"
        for who, where in found[FIRST_SHARE].items()
        if who not in judging(phase)
    ]


def test_everybody_asks_for_every_address():
    people = [who for phase in PHASES for who in EVERYWHERE[phase]]
    assert len(people) == len(set(people)) == 20
    assert {who for phase in PHASES for who in AGAIN[phase]} < {*people}
    # Advice and decisions are there at the end alone.
    assert {"conflicted", *SHUT_OUT} <= walking(PHASES[-1])


@pytest.mark.parametrize("phase", PHASES)
def test_everybody_sees_what_is_open_to_her_and_nothing_else(client, instruments, plain_answers, phase):
    world = build(phase, instruments)
    ask_for_reports(client, world)
    every = addresses()

    found, not_asked_for = walk(client, world, every, that_may_differ(every, phase))
    read_mail(world, found)

    wrong = wrong_in(found, phase)
    assert wrong == [], "\n".join(wrong)
    assert not_asked_for == set()
    assert {*found[FIRST_SHARE]} & {"officer", "chair", "one"}


@pytest.fixture
def nothing_kept(monkeypatch):
    """Statements are put together anew: what is planted gets into all of them and stays in none."""
    keeping = KeptQuery.statement

    def put_together(self, values, choices):
        kept, self.kept = self.kept, {}
        try:
            return keeping(self, values, choices)
        finally:
            self.kept = kept

    monkeypatch.setattr(KeptQuery, "statement", put_together)


@pytest.mark.usefixtures("plain_answers", "nothing_kept")
@pytest.mark.parametrize(
    "queryset, who, secrets",
    [
        (AssessmentQuerySet, "owing", {"reason_one", "view_one", "quote_one"}),
        (ProposalQuerySet, "conflicted", {"title"}),
    ],
)
def test_a_leak_would_be_found(client, instruments, monkeypatch, queryset, who, secrets):
    world = build("review", instruments)
    monkeypatch.setattr(queryset, "visible_to", lambda self, user: self)
    monkeypatch.setitem(EVERYWHERE, "review", ())
    monkeypatch.setitem(AGAIN, "review", (who,))
    every = addresses()

    found, _not_asked_for = walk(client, world, every, that_may_differ(every, "review"))

    assert secrets <= {each.split()[0] for each in wrong_in(found, "review") if f" reaches {who} at " in each}
