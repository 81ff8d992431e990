"""The donor's letterhead on reports that are no letters: name, logo and colour at the head, nothing without one."""

import io

import pytest
from django.urls import reverse
from PIL import Image

from checklist.actions.letterheads import LetterheadGiven, set_letterhead
from checklist.enums import ReportKind
from checklist.pictures import Logo
from checklist.reporting.issuing import is_current, issue
from checklist.reporting.making import Options, document_of, maker_of
from screening.pdf import MadePdf, PdfDocument
from tests.factories import make_administrator, make_officer, make_proposal, make_round

from .deciding import judge, make_item_critical
from .pdf_structure import problems_of, text_of

pytestmark = pytest.mark.django_db

KINDS = (ReportKind.PROPOSAL, ReportKind.ROUND, ReportKind.SCORECARD)
EN = Options("en")


def logo():
    out = io.BytesIO()
    Image.new("RGB", (300, 100), "teal").save(out, "PNG")
    return Logo(out.getvalue(), "image/png", 300, 100)


GIVEN = LetterheadGiven(
    "Lantern Fund", "#0b6e4f", "1 Road\nTown", "Foot", "letter", logo=logo(), logo_description="A lamp"
)


@pytest.fixture
def round_(instruments):
    round_ = make_round("ROUND", donor_name="Lantern Fund", phase="decision")
    make_item_critical(round_)
    return round_


@pytest.fixture
def officer(round_):
    return make_officer(round_)


@pytest.fixture
def assessment(round_):
    return judge(make_proposal(round_))


def described(kind, assessment, user, options=EN, stamp=None):
    subjects = {
        ReportKind.PROPOSAL: assessment.proposal_id,
        ReportKind.ROUND: assessment.proposal.round_id,
        ReportKind.SCORECARD: assessment.pk,
    }
    maker = maker_of(kind)
    subject = maker.load(subjects[kind])
    return document_of(maker, subject, options, maker.build(subject, options, user), stamp)


@pytest.mark.parametrize("kind", KINDS)
def test_name_logo_and_colour_stand_at_the_head_and_make_a_new_state(kind, assessment, round_, officer):
    plain = described(kind, assessment, officer)
    set_letterhead(given=GIVEN, by=officer, round_=round_)

    document = described(kind, assessment, officer)

    assert 'class="band"' not in plain.html
    assert (plain.pictures, plain.colour) == ((), "")
    assert 'alt="A lamp"' in document.html
    assert document.html.count("Lantern Fund</p>") == 1
    assert (len(document.pictures), document.colour) == (1, "#0b6e4f")
    # Neither address nor the line at the foot: that is for letters.
    assert "1 Road" not in document.html
    assert "Foot" not in document.html
    assert document.content_key != plain.content_key
    assert described(kind, assessment, officer).content_key == document.content_key


@pytest.mark.parametrize("kind", KINDS)
def test_with_a_logo_the_pdf_is_as_it_must_be(kind, assessment, round_, officer):
    set_letterhead(given=GIVEN, by=officer, round_=round_)

    made = described(kind, assessment, officer, Options("en", "letter")).make_here()

    assert problems_of(made.data, language="en") == []
    assert text_of(made.data).startswith("Lantern Fund")


def test_another_donor_than_that_of_the_letterhead_is_still_named(assessment, round_, officer):
    set_letterhead(given=LetterheadGiven("Ministry of Lamps"), by=make_administrator())

    kickers = [described(kind, assessment, officer).html.partition('class="kicker"')[2] for kind in KINDS]

    assert all("· Lantern Fund" in kicker.partition("</p>")[0] for kicker in kickers)


def test_an_issued_report_stays_and_a_new_letterhead_makes_a_new_issue(assessment, round_, officer, monkeypatch):
    monkeypatch.setattr(PdfDocument, "make", lambda self: MadePdf(f"%PDF {self.content_key}".encode(), 1))
    first = issue(ReportKind.PROPOSAL, assessment.proposal_id, EN, by=officer)
    with first.file.open("rb") as file:
        before = file.read()
    maker = maker_of(ReportKind.PROPOSAL)
    subject = maker.load(assessment.proposal_id)
    report = maker.build(subject, EN, officer)
    assert is_current(first, maker, subject, EN, report)

    set_letterhead(given=GIVEN, by=officer, round_=round_)

    assert not is_current(first, maker, subject, EN, report)
    second = issue(ReportKind.PROPOSAL, assessment.proposal_id, EN, by=officer)
    assert second.supersedes == first
    first.refresh_from_db()
    with first.file.open("rb") as file:
        assert file.read() == before


def test_a_logo_that_the_store_has_lost_keeps_no_report_from_being_made(assessment, round_, officer):
    row = set_letterhead(given=GIVEN, by=officer, round_=round_)
    row.logo.storage.delete(row.logo.name)

    document = described(ReportKind.PROPOSAL, assessment, officer)

    assert document.pictures == ()
    assert 'class="band-name"' in document.html


def test_the_paper_is_that_of_the_letterhead_where_nobody_chooses(client, assessment, round_, officer):
    set_letterhead(given=GIVEN, by=officer, round_=round_)
    client.force_login(officer)
    report = reverse("checklist:report", args=["proposal", assessment.proposal_id])
    scorecard = reverse("checklist:scorecard", args=[assessment.pk])

    assert client.get(report).context["options"].paper == "letter"
    assert client.get(report, {"paper": "a4"}).context["options"].paper == "a4"
    assert "paper" not in client.get(scorecard).context["file_url"]
    assert client.get(scorecard, {"paper": "a4"}).context["file_url"].endswith("?paper=a4")
    batch = reverse("checklist:batch-add", args=[round_.reference])
    assert client.get(batch, {"all": 1}).context["form"]["paper"].value() == "letter"
