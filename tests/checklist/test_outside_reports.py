"""What goes to an applicant holds what it may hold and nothing else, on the page, in the data and around them."""

import re
from io import BytesIO

import pikepdf
import pytest
from django.utils.html import escape

from checklist.enums import AssessmentKind, ReportKind
from checklist.models import Assessment, Decision, FeedbackText, QuestionLetter
from checklist.reporting.making import MAKERS, Options, Stamp, document_of, maker_of
from checklist.selectors.decisions import snapshot_of
from checklist.selectors.outside import findings_for_outside
from screening.models import User
from screening.pdf import ReportFailed
from tests.factories import make_officer, make_proposal, make_round, pin_shipped_instruments

from .deciding import judge
from .marked import marked_world, related_models
from .pdf_structure import problems_of, text_of

pytestmark = pytest.mark.django_db

EN = Options("en")
MARK = re.compile(r"Mq\d{5}z")

ALWAYS = {
    "Proposal.title", "Proposal.reference", "Organisation.name", "FundingRound.title", "FundingRound.reference",
    "Letterhead.name", "Letterhead.address", "Letterhead.footer", "LetterText.subject", "LetterText.body",
}  # fmt: skip
ALLOWED = {
    ReportKind.FEEDBACK: ALWAYS | {
        "FundingRound.donor_name", "ApplicantQuestion.text", "ApplicantQuestion.answer", "FeedbackText.strengths",
        "FeedbackText.weaknesses", "FeedbackText.advice",
    },
    ReportKind.DECISION: ALWAYS | {"FundingRound.donor_name", "Decision.reasons", "Decision.conditions"},
    ReportKind.QUESTIONS: ALWAYS | {
        "FundingRound.donor_name", "ApplicantQuestion.text", "QuestionLetter.subject", "QuestionLetter.body",
        "QuestionLetter.recipient", "User.name", "User.email",
    },
}  # fmt: skip
# Without these the test would prove nothing.
SURELY = {
    ReportKind.FEEDBACK: {"Proposal.title", "ApplicantQuestion.answer", "FeedbackText.strengths", "Letterhead.name"},
    ReportKind.DECISION: {"Proposal.title", "Decision.reasons", "Decision.conditions"},
    ReportKind.QUESTIONS: {"Proposal.title", "ApplicantQuestion.text", "QuestionLetter.body"},
}


def documents_of(proposal):
    """(kind, subject, document) of everything that goes to the applicant."""
    person = User.objects.first()
    for kind in ALLOWED:
        maker = maker_of(kind)
        subject = maker.load(QuestionLetter.objects.get().pk if kind == ReportKind.QUESTIONS else proposal.pk)
        yield kind, document_of(maker, subject, EN, maker.build(subject, EN, person))


def whole(document):
    """Everything that is in the file: page, title, author, data and the names of what is inside."""
    return document.html + "".join(each.name + each.description + each.text for each in document.attachments)


def test_nothing_internal_can_reach_an_applicant(instruments):
    proposal, marks = marked_world()
    assert {model.__name__ for model in related_models()} <= {where.split(".")[0] for where in marks.values()}
    assert any(where == "Response.rationale" for where in marks.values())

    for kind, document in documents_of(proposal):
        found = {marks[mark] for mark in MARK.findall(whole(document))}

        assert found - ALLOWED[kind] == set(), kind
        assert found >= SURELY[kind], kind


def test_without_the_officers_words_only_criteria_and_findings_go_out(instruments):
    proposal, marks = marked_world()
    FeedbackText.objects.all().delete()
    maker = maker_of(ReportKind.FEEDBACK)

    report = maker.build(maker.load(proposal.pk), EN, None)
    document = document_of(maker, maker.load(proposal.pk), EN, report)

    assert {marks[mark] for mark in MARK.findall(whole(document))} <= ALLOWED[ReportKind.FEEDBACK]
    assert (report.is_worded, len(report.strengths) > 5) == (False, True)
    # No number of reviewers, no share, no place in an order.
    assert not re.search(r"\d+ ?%|rank|reviewer [A-Z]\b", document.html, re.IGNORECASE)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (("no", "no", "yes"), ("Adverse", "weak")),
        (("yes", "no", "yes"), ("Favourable", "strong")),
        # Of two, the lower: nobody is told what neither said.
        (("yes", "partly"), ("Partly", "weak")),
    ],
)
def test_a_finding_is_the_middle_one_of_what_reviewers_say(instruments, said, told):
    round_ = make_round()
    pin_shipped_instruments(round_)
    proposal = make_proposal(round_)
    for first in said:
        judge(proposal, first=first)

    (part, *_others), _newest = findings_for_outside(proposal, "en")

    assert [(each.finding, each.standing) for each in part.findings[:2]] == [told, ("Favourable", "strong")]


def test_the_author_is_the_donor_and_the_paper_as_asked_for(instruments):
    round_ = make_round(donor_name="Lantern Fund")
    officer = make_officer(round_, name="Olga Officer")
    proposal = make_proposal(round_)
    judge(proposal)
    maker = maker_of(ReportKind.FEEDBACK)
    subject = maker.load(proposal.pk)
    stamp = Stamp("R/feedback/1", proposal.created_at)

    asked = Options("en", "letter")
    made = document_of(maker, subject, asked, maker.build(subject, asked, officer), stamp).make_here()

    with pikepdf.open(BytesIO(made.data)) as opened:
        assert str(opened.docinfo["/Author"]) == "Lantern Fund"
        assert b"Olga" not in opened.Root.Metadata.read_bytes()
        assert [float(each) for each in opened.pages[0].mediabox] == [0, 0, 612, 792]
    assert "R/feedback/1, issued" in text_of(made.data)
    assert problems_of(made.data, language="en") == []


# -- The fetcher ----------------------------------------------------------------------------------

REFERENCES = (
    "http://127.0.0.1:9/x.png",
    "file:///etc/passwd",
    "data:image/png;base64,iVBORw0KGgo=",
    "ftp://127.0.0.1/x",
    "static:../pyproject.toml",
    "static:css/../../var/secret_key",
    "picture:other",
    "picture:../logo",
    "picture:logo/../../x",
)
WAYS = (
    '<img src="{0}" alt="x">',
    '<link rel="attachment" href="{0}">',
    '<link rel="stylesheet" href="{0}">',
    '<a rel="attachment" href="{0}">x</a>',
    '<svg><title>x</title><use href="{0}#a"/></svg>',
    '<svg><title>x</title><image href="{0}"/></svg>',
    '<style>@import "{0}";</style>',
    "<style>p {{ background: url({0}) }}</style>",
    '<p style="background-image: url({0})">x</p>',
    '<object data="{0}"></object>',
    '<embed src="{0}">',
)


def test_no_reference_in_any_text_is_followed(instruments):
    """Texts of people are words on the page: every way of naming every kind of address, in every text there is."""
    everything = "".join(way.format(address) for way in WAYS for address in REFERENCES)
    proposal, _marks = marked_world()
    for model in (*related_models(), User):
        _poison(model, everything)

    for kind, document in every_document(type(proposal).objects.get(pk=proposal.pk)):
        assert everything not in document.html, kind
        assert escape(everything)[:40] in document.html, kind
        # As words they cannot be followed; the long reports are not laid out for it.
        assert kind not in ALLOWED or document.make_here().page_count, kind


def every_document(proposal):
    """(kind, document) of every report there is, as an officer sees it."""
    officer = make_officer(proposal.round, email="all@example.org")
    # Marked it is no snapshot any more; a new one holds the texts as they are now.
    Decision.objects.update(snapshot=snapshot_of(proposal))
    assessment = Assessment.objects.filter(proposal=proposal, kind=AssessmentKind.INDIVIDUAL).first()
    subjects = {
        ReportKind.ROUND: proposal.round_id,
        ReportKind.QUESTIONS: QuestionLetter.objects.get().pk,
        ReportKind.SCORECARD: assessment.pk,
    }
    for kind in MAKERS:
        maker = maker_of(kind)
        subject = maker.load(subjects.get(kind, proposal.pk))
        yield kind, document_of(maker, subject, EN, maker.build(subject, EN, officer))


def _poison(model, text):
    """Put the text behind every mark, where the column is long enough for it in every database."""
    from .marked import text_fields

    for field in text_fields(model):
        kind = field.get_internal_type()
        if kind != "TextField":
            continue
        for row in model.objects.all():
            value = getattr(row, field.name)
            model.objects.filter(pk=row.pk).update(**{field.name: f"{value}\n\n{text}"})


@pytest.mark.parametrize("address", REFERENCES)
def test_even_mark_up_of_our_own_reaches_nothing_else(instruments, address):
    from tests.screening.test_pdf import document

    for way in (WAYS[0], WAYS[1], WAYS[3], WAYS[7]):
        try:
            made = document(way.format(address) + "<p>Words</p>").make_here().data
        except ReportFailed:
            continue
        with pikepdf.open(BytesIO(made)) as opened:
            assert not opened.attachments, way


def test_a_document_has_its_own_pictures_and_nobody_elses():
    from screening.pdf import Picture
    from tests.screening.test_pdf import document

    dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
    page = '<p><img class="logo" alt="A dot" src="picture:logo"></p>'

    with_it = document(page, pictures=(Picture("logo", "image/png", dot),)).make_here()

    assert with_it.page_count == 1
    with pytest.raises(ReportFailed, match="not part of it"):
        document(page).make_here()
