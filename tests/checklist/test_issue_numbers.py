"""No two issues have the same number, whatever rounds and proposals are called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.enums import ReportKind
from checklist.models import Decision, IssuedReport
from checklist.reporting.issuing import issue
from checklist.reporting.making import Options
from checklist.selectors.issued import next_number, number_stem
from screening.pdf import MadePdf, PdfDocument
from tests.factories import make_officer, make_proposal, make_round

# Few letters, so that references often begin with, or hold, each other.
ROUNDS = st.from_regex(r"[Ga1][Ga1_-]{0,3}", fullmatch=True)
PROPOSALS = st.one_of(
    st.just(""),
    st.text("Ga1-/", min_size=1, max_size=5),
    st.sampled_from(["round", "decision", "G/decision", "G/round/1", "assessment/1"]),
)
KINDS = st.sampled_from(list(ReportKind))
SUBJECTS = st.tuples(ROUNDS, PROPOSALS, KINDS).filter(lambda each: bool(each[1]) != (each[2] == ReportKind.ROUND))


@given(SUBJECTS, SUBJECTS, st.integers(1, 30), st.integers(1, 30))
def test_a_number_tells_round_proposal_kind_and_count(one, other, first, second):
    numbers = f"{number_stem(*one)}/{first}", f"{number_stem(*other)}/{second}"

    assert (numbers[0] == numbers[1]) == ((one, first) == (other, second))


@pytest.fixture
def quick_pdfs(monkeypatch):
    monkeypatch.setattr(PdfDocument, "make", lambda self: MadePdf(f"%PDF {self.content_key}".encode(), 1))


def decided(round_, reference, officer):
    proposal = make_proposal(round_, reference=reference)
    Decision.objects.create(
        proposal=proposal, state="applied", outcome="decline", reasons="No.", by=officer, applied_at=proposal.created_at
    )
    return proposal


@pytest.mark.django_db
def test_a_round_whose_reference_begins_another_one_takes_none_of_its_numbers(quick_pdfs):
    issued = []
    for round_ in (make_round("GMS"), make_round("GMS-2026")):
        officer = make_officer(round_, email=f"{round_.reference}@example.org")
        for reference in ("GMS-2026-7", "2026-7", "GMS-2026/7", "7"):
            proposal = decided(round_, reference, officer)
            issued.append(issue(ReportKind.DECISION, proposal.pk, Options("en"), by=officer).number)

    assert len(set(issued)) == 8
    assert issued[0] == "GMS/GMS-2026-7/decision/1"
    assert issued[4] == "GMS-2026/GMS-2026-7/decision/1"


@pytest.mark.django_db
def test_a_number_that_an_older_issue_bears_is_passed_over():
    round_ = make_round("GMS")
    proposal = make_proposal(round_, reference="7")
    IssuedReport.objects.create(
        kind="feedback", proposal=make_proposal(round_), content_key="x", sha256="1" * 64, size=1, page_count=1,
        number="GMS/7/decision/1", issued_at=proposal.created_at,
    )  # fmt: skip

    assert next_number(ReportKind.DECISION, {"proposal": proposal}) == "GMS/7/decision/2"
