"""Nothing that is closed to somebody reaches her: every address, export, search, PDF, as everybody, in every phase.

`everywhere.build` puts a word of its own on everything worth hiding. The addresses come from the resolver
itself, so a new one is walked too; one that nobody says how to fill fails the test.
"""

import io
import logging
import re
import zipfile
from datetime import timedelta
from html import unescape

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.handlers import exception
from django.core.handlers.exception import response_for_exception
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.test import client as test_client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from checklist.actions.digests import mail_digests
from checklist.enums import ReportKind
from checklist.models import (
    ApplicantQuestion,
    Assessment,
    Assignment,
    AssignmentPlan,
    ColumnChoice,
    Criterion,
    Decision,
    InstrumentVersion,
    IssuedReport,
    Letterhead,
    Notice,
    OfflineForm,
    OfflineUpload,
    PanelMeeting,
    QuestionLetter,
    ReportBatch,
    SuspectedConflict,
)
from proposals.models import Document, FundingRound, ImportFile, Organisation, Proposal
from screening import pdf
from screening.enums import JobState
from screening.jobs import JobRefused
from screening.models import Job, SavedView, User

from .everywhere import PHASES, build, word

pytestmark = pytest.mark.django_db

# About the own account alone, in words of allauth; they know no round and no proposal.
OTHERS = ("accounts/", "i18n/")
# The proposal with nearly all of the words.
SECRET = Q(title__contains=word("title"))
JUDGEMENTS = ~Q(conclusion="") | Q(proposal__is_practice=True)
# What an argument stands for, by the word before it and its name; `way` holds the arguments before it.
PLACES = {
    ("rounds", "reference"): lambda way: ["QX"],
    ("proposals", "pk"): lambda way: pks(Proposal, SECRET | Q(status="ineligible") | Q(is_practice=True)),
    ("proposals", "proposal_pk"): lambda way: pks(Proposal, SECRET),
    ("assignments", "pk"): lambda way: pks(Assignment, Q(reviewer__name__in=ASKED)),
    ("assessments", "pk"): lambda way: pks(Assessment, JUDGEMENTS),
    ("consensus", "pk"): lambda way: pks(Assessment, Q(kind="consensus")),
    ("criteria", "criterion_pk"): lambda way: pks(Criterion, Q(responses__assessment=way["pk"]))[:1],
    ("conflicts", "pk"): lambda way: pks(SuspectedConflict),
    ("plans", "pk"): lambda way: pks(AssignmentPlan),
    ("reviewers", "pk"): lambda way: pks(User, Q(name__in=ASKED[:1])),
    ("organisations", "pk"): lambda way: pks(Organisation, Q(name__contains=word("applicant"))),
    ("meetings", "pk"): lambda way: pks(PanelMeeting),
    ("decisions", "pk"): lambda way: pks(Decision),
    ("questions", "pk"): lambda way: pks(ApplicantQuestion),
    ("letters", "pk"): lambda way: pks(QuestionLetter),
    ("scores.", "file_format"): lambda way: ["xlsx", "json"],
    ("columns", "pk"): lambda way: pks(ColumnChoice),
    ("codebook.", "file_format"): lambda way: ["xlsx"],
    ("documents", "pk"): lambda way: pks(Document),
    ("pages", "number"): lambda way: [1],
    ("notices", "pk"): lambda way: pks(Notice, Q(kind__in=("mentioned", "message"))),
    ("batches", "pk"): lambda way: pks(ReportBatch),
    ("letterhead", "pk"): lambda way: pks(Letterhead),
    ("letters", "kind"): lambda way: ["decision"],
    ("<slug:kind>", "language"): lambda way: ["en"],
    ("forms", "pk"): lambda way: pks(OfflineForm),
    ("uploads", "pk"): lambda way: pks(OfflineUpload),
    ("issued", "pk"): lambda way: pks(IssuedReport),
    ("imports", "pk"): lambda way: pks(ImportFile),
    ("people", "pk"): lambda way: pks(User, Q(name="Sam Stranger")),
    ("views", "pk"): lambda way: pks(SavedView),
    ("instruments", "slug"): lambda way: [InstrumentVersion.objects.get(state="draft").instrument.slug],
    ("<slug:slug>", "number"): lambda way: [2],
    ("criteria", "key"): lambda way: ["5"],
    ("languages", "code"): lambda way: ["fr"],
    ("reports", "kind"): lambda way: [kind for kind in ReportKind if kind not in MADE_ELSEWHERE],
    ("<str:kind>", "pk"): lambda way: pks(*REPORTED[way["kind"]]),
}
ASKED = [f"Rita {word(f'name_{who}')}" for who in ("one", "owing", "undeclared")]
# What has addresses of its own alone.
MADE_ELSEWHERE = (ReportKind.BLANK,)
REPORTED = {
    ReportKind.PROPOSAL: (Proposal, SECRET),
    ReportKind.FEEDBACK: (Proposal, SECRET),
    ReportKind.QUESTIONS: (QuestionLetter,),
    ReportKind.DECISION: (Proposal, SECRET),
    ReportKind.SCORECARD: (Assessment, Q(kind="individual", state="submitted", proposal__is_practice=False)),
    ReportKind.ROUND: (FundingRound, Q(reference="QX")),
}
# What these say is the same in every phase: instruments, people, what was set up and asked before the review.
SAME_IN_EVERY_PHASE = re.compile(
    r"/(instruments|people|organisations|components|settings|views|imports|letterhead|columns|verify|conflicts|plans"
    r"|rounds/(new|QX/(setup|imports|letterhead|letters|conflicts|plan|people|reviewers|instruments|practice|messages)))/"
)
# Made of the same reads in every phase, and slow: walked in the first and in the last.
WALKED_AT_BOTH_ENDS = re.compile(r"/(dossier|batches|reports|offline|notices|eligibility|practice|questions)")
# Words that some people meet on those pages alone: that they do meet them is asked in the first phase.
MET_BEFORE = re.compile(
    r"(confirmation|dismissal|suspicion_|name_|conflict|declared_|abstention|refusal|reference|practice_|message|letter"
    r"|question_draft)"
)
# Ways to ask for more than an address alone gives.
FURTHER = {
    "checklist:search": ["q=Harbours", "q=Applicant", "q=Too+late"],
    "checklist:score-export": ["shape=long"],
    "checklist:decide-many": ["all=1"],
    "checklist:eligibility-pass": ["all=1"],
    "checklist:round-ranking": ["by=adjusted"],
    "checklist:conflict-list": ["state=confirmed", "state=dismissed", "state=declared"],
    "checklist:proposal-panel": ["order=instrument"],
}
EXPORTED = re.compile(r"[?&;]export=(\w+)")


def pks(model, condition=None):
    """The keys of these rows."""
    rows = model.objects.filter(condition) if condition else model.objects.all()
    return list(rows.order_by("pk").values_list("pk", flat=True).distinct())


def addresses():
    """[(name, address)] of everything the resolver knows; the arguments filled in every way there is."""
    found, unknown = [], []
    for space, pattern in _patterns(get_resolver()):
        name = f"{space}:{pattern.name}" if space else pattern.name
        try:
            ways = _ways(str(pattern.pattern))
        except KeyError as missing:
            unknown.append(f"{name}: nobody says what {missing} stands for")
            continue
        found += [(name, reverse(name, kwargs=way)) for way in ways]
    assert unknown == []
    return found


def _patterns(resolver, space=""):
    for each in resolver.url_patterns:
        if str(each.pattern).startswith(OTHERS):
            continue
        if isinstance(each, URLResolver):
            yield from _patterns(each, each.namespace or space)
        elif isinstance(each, URLPattern) and each.name:
            yield space, each


def _ways(route):
    """Every way to fill the arguments of a route, as {name: value}."""
    ways = [{}]
    for match in re.finditer(r"<\w+:(\w+)>", route):
        before = route[: match.start()].rstrip("/").rpartition("/")[2]
        ways = [{**way, match[1]: value} for way in ways for value in PLACES[before, match[1]](way)]
    return ways


def text_of(response):
    """Everything that an answer says: headers, body, and what is in a workbook or an archive."""
    said = " ".join(f"{name}: {value}" for name, value in response.headers.items())
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return f"{said} {unescape(unpacked(body).decode(errors='replace'))}"


def unpacked(body):
    """The names and contents of an archive's files, in any depth; anything else as it is."""
    if not body.startswith(b"PK"):
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        return b" ".join(name.encode() + b" " + unpacked(parts.read(name)) for name in parts.namelist())


@pytest.fixture
def plain_answers(monkeypatch):
    """A PDF is its own HTML and what is embedded in it, and a refusal is its number: the words matter here."""

    def words(document):
        return pdf.MadePdf(f"{document.html} {document.attachments}".encode(), 1)

    def refuse(request, problem):
        status = {Http404: 404, PermissionDenied: 403}.get(type(problem))
        return HttpResponse(status=status) if status else response_for_exception(request, problem)

    # Two of three answers are refusals, whose page knows nothing of what was asked for.
    monkeypatch.setattr(exception, "response_for_exception", refuse)
    # What was rendered, and with what, is not asked for here.
    monkeypatch.setattr(test_client, "store_rendered_templates", lambda *args, **kwargs: None)
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)
    monkeypatch.setattr(pdf.PdfDocument, "make", words)
    monkeypatch.setattr(pdf, "unavailable_reason", lambda: "")


def questions_of(client, world, ways):
    """The addresses that take GET, each with what can be asked of it: the exports its page offers, and FURTHER."""
    client.force_login(world.people["auditor"])
    found = []
    for name, address in ways:
        response = client.get(address)
        if response.status_code == 405:
            continue
        # Every format has the same rows; a workbook is the one that has to be taken apart.
        formats = sorted(set(EXPORTED.findall(text_of(response))))[-1:]
        more = [*FURTHER.get(name, ()), *(f"export={each}" for each in formats)]
        found += [address, *(f"{address}?{each}" for each in more)]
    return found


def ask_for_reports(client, world):
    """Three people who see different things ask for every PDF, and the officer for many at once."""
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


def walk(client, world, asked):
    """{secret: {who: addresses}} over everybody."""
    found = {secret: {} for secret in (*seen_by(world.phase), FIRST_SHARE)}
    for who in CONCERNED.get(world.phase, WALKING):
        client.logout()
        if who != "anonymous":
            client.force_login(world.people[who])
        for address in asked:
            text = text_of(client.get(address))
            for secret in found:
                if marker(secret) in text:
                    found[secret].setdefault(who, []).append(address)
    return found


def read_mail(world, found):
    """Add what the daily e-mail says to each of these people."""
    mail.outbox.clear()
    mail_digests(now=timezone.now() + timedelta(days=1))
    names = {world.people[who].email: who for who in CONCERNED.get(world.phase, WALKING[:-1])}
    for message in mail.outbox:
        if message.to[0] not in names:
            continue
        text = unescape(str(message.message()))
        for secret in found:
            if marker(secret) in text:
                found[secret].setdefault(names[message.to[0]], []).append("the daily e-mail")


# -- Who sees what ------------------------------------------------------------------------------------

WALKING = (
    "officer", "chair", "observer", "auditor", "one", "two", "owing", "owing_chair", "owing_officer", "undeclared",
    "conflicted", "conflicted_chair", "conflicted_officer", "conflicted_auditor", "abstained", "elsewhere",
    "administrator", "instrument_editor", "stranger", "anonymous",
)  # fmt: skip
# Between the review and the decision only what these see changes.
CONCERNED = {
    "panel": ("officer", "chair", "one", "two", "owing", "owing_chair", "undeclared", "conflicted", "conflicted_chair")
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


@pytest.mark.parametrize("phase", PHASES)
def test_everybody_sees_what_is_open_to_her_and_nothing_else(client, instruments, plain_answers, phase):
    world = build(phase, instruments)
    ask_for_reports(client, world)
    asked = questions_of(client, world, addresses())
    if phase != PHASES[0]:
        asked = [address for address in asked if not SAME_IN_EVERY_PHASE.match(address)]
        practised = "|".join(map(str, pks(Assessment, Q(proposal__is_practice=True))))
        asked = [address for address in asked if not re.match(rf"/assessments/({practised})/", address)]
    if phase in CONCERNED:
        asked = [address for address in asked if not WALKED_AT_BOTH_ENDS.search(address)]

    found = walk(client, world, asked)
    read_mail(world, found)

    wrong = []
    for secret, expected in seen_by(phase).items():
        seen, expected = set(found[secret]), expected & {*CONCERNED.get(phase, WALKING)}
        wrong += [f"{secret} reaches {who} at {found[secret][who][:3]}" for who in sorted(seen - expected)]
        if phase == PHASES[0] or not MET_BEFORE.match(secret):
            wrong += [f"{secret} does not reach {who} anywhere" for who in sorted(expected - seen)]
    wrong += [
        f"A share reaches {who} at {where[:3]}"
        for who, where in found[FIRST_SHARE].items()
        if who not in judging(phase)
    ]
    assert wrong == [], "\n".join(wrong)
    assert "officer" in found[FIRST_SHARE]
