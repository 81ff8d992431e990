"""Every address that there is, and everything that an answer says, for the walk of who sees what.

The addresses come from the resolver itself, so a new one is walked too; one that nobody says how to fill is an error.
"""

import copy
import io
import logging
import re
import zipfile
from html import unescape

from django.conf import settings
from django.contrib import auth
from django.core.exceptions import PermissionDenied
from django.core.handlers import exception
from django.core.handlers.exception import response_for_exception
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.test import client as test_client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from checklist import xlsform
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
from screening import pdf, tabular
from screening.models import SavedView, User

from .everywhere import word

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
    ("issued", "pk"): lambda way: [*pks(IssuedReport, ~Q(number="")), *pks(IssuedReport, Q(number=""))[:1]],
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
    ReportKind.SCORECARD: (
        Assessment,
        Q(kind="individual", state="submitted", proposal__title__contains=word("title")),
    ),
    ReportKind.ROUND: (FundingRound, Q(reference="QX")),
}
# Lists that can be taken away as a file; the walk says so where a page offers it and is not among them.
EXPORTING = (
    "checklist:eligibility-list", "checklist:proposal-list", "checklist:assignment-list", "checklist:question-list",
    "checklist:round-agreement", "checklist:decision-list",
)  # fmt: skip
# Ways to ask for more than an address alone gives.
FURTHER = {
    "checklist:search": ["q=Harbours", "q=Applicant", "q=Too+late"],
    "checklist:score-export": ["shape=long"],
    "checklist:decide-many": ["all=1"],
    "checklist:eligibility-pass": ["all=1"],
    "checklist:round-ranking": ["by=adjusted"],
    "checklist:conflict-list": ["state=confirmed", "state=dismissed", "state=declared"],
    "checklist:proposal-panel": ["order=instrument"],
    # Every format has the same rows; the workbook stands for them.
    **dict.fromkeys(EXPORTING, ["export=xlsx"]),
}
EXPORTED = re.compile(r"[?&;]export=(\w+)")


def pks(model, condition=None):
    """The keys of these rows."""
    rows = model.objects.filter(condition) if condition else model.objects.all()
    return list(rows.order_by("pk").values_list("pk", flat=True).distinct())


def addresses():
    """Everything the resolver knows, with what FURTHER asks of it; the arguments filled in every way there is."""
    found, unknown = [], []
    for space, pattern in _patterns(get_resolver()):
        name = f"{space}:{pattern.name}" if space else pattern.name
        try:
            ways = _ways(str(pattern.pattern))
        except KeyError as missing:
            unknown.append(f"{name}: nobody says what {missing} stands for")
            continue
        for address in (reverse(name, kwargs=way) for way in ways):
            found += [address, *(f"{address}?{each}" for each in FURTHER.get(name, ()))]
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


def offered_in(address, text):
    """The exports that this page offers, as the addresses that stand for them."""
    return {f"{address.partition('?')[0]}?export={each}" for each in EXPORTED.findall(text) if each != "csv"}


# -- Only what is said ------------------------------------------------------------------------------


def say_it_plainly(monkeypatch):
    """What costs time and tells nothing of who sees what is left out: the words matter here."""
    # Two of three answers are refusals, whose page knows nothing of what was asked for.
    monkeypatch.setattr(exception, "response_for_exception", _number_of_refusal)
    # What was rendered, and with what, is not asked for here.
    monkeypatch.setattr(test_client, "store_rendered_templates", lambda *args, **kwargs: None)
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)
    monkeypatch.setattr(pdf.PdfDocument, "make", _words_of_pdf)
    monkeypatch.setattr(pdf, "unavailable_reason", lambda: "")
    monkeypatch.setattr(
        tabular, "write_xlsx", lambda columns, rows, title="": _words_of_sheets([(title, columns, rows)])
    )
    monkeypatch.setattr(xlsform, "write_sheets", _words_of_sheets)
    monkeypatch.setattr(auth, "get_user", _reading_each_person_once(auth.get_user))


def _number_of_refusal(request, problem):
    status = {Http404: 404, PermissionDenied: 403}.get(type(problem))
    return HttpResponse(status=status) if status else response_for_exception(request, problem)


def _words_of_pdf(document):
    """A PDF is its own HTML and what is embedded in it."""
    return pdf.MadePdf(f"{document.html} {document.attachments}".encode(), 1)


def _words_of_sheets(sheets):
    """A workbook is what its cells say."""
    said = [str(cell) for title, columns, rows in sheets for row in ((title,), columns, *rows) for cell in row]
    return io.BytesIO(" ".join(said).encode())


def _reading_each_person_once(get_user):
    """Who a session belongs to is the same at all addresses; each request has the person for itself."""
    known = {}

    def get_known(request):
        session = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        if session is None:
            return get_user(request)
        if session not in known:
            known[session] = get_user(request)
        return copy.copy(known[session])

    return get_known
