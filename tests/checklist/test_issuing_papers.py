"""Issues from before the paper was on record; and who decides which words are left out."""

import re

import pytest
from django.urls import reverse

from checklist.actions.redactions import MayNotRedact, decide_on_words
from checklist.models import IssuedReport, Redaction
from checklist.reporting.issuing import issue
from checklist.reporting.making import Options
from checklist.selectors.dossiers import reports_to_take
from proposals.enums import AccessLevel
from tests.factories import make_member, make_officer, make_user, open_to

from .test_issuing import EN, KIND
from .test_issuing import officer as officer
from .test_issuing import proposal as proposal
from .test_issuing import quick_pdfs as quick_pdfs
from .test_issuing import round_ as round_

pytestmark = pytest.mark.django_db


def test_only_who_issues_reports_decides_on_words(proposal, round_, officer):
    torn = make_officer(round_)
    open_to(proposal, torn, AccessLevel.CLOSED)

    for who, where in (
        (make_member(round_, "chair"), {"proposal": proposal}),
        (torn, {"proposal": proposal}),
        (torn, {"round_": round_}),
        (make_user(), {"round_": round_}),
    ):
        with pytest.raises(MayNotRedact, match="Only somebody who issues"):
            decide_on_words(text="a@b.example", kind="email", is_hidden=True, by=who, **where)

    assert not Redaction.objects.exists()


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_an_issue_whose_paper_is_not_on_record_is_superseded_on_whatever_paper(client, proposal, officer, paper):
    old = IssuedReport.objects.create(
        kind=KIND, proposal=proposal, content_key="old", sha256="0" * 64, size=1, page_count=1, language="en",
        subject_key=f"decision:{proposal.pk}:en:-", number="GMS-2026/P-0007/decision/1", issued_at=proposal.created_at,
    )  # fmt: skip
    assert old.paper == ""
    client.force_login(officer)
    listed = client.get(reverse("checklist:issued-list", args=[proposal.round.reference])).content.decode()
    assert "English" in listed
    assert not re.search(r"\bA4\b", listed)

    new = issue(KIND, proposal.pk, Options("en", paper=paper), by=officer)

    assert (new.supersedes, new.paper) == (old, paper)
    other = issue(KIND, proposal.pk, Options("en", paper="letter" if paper == "a4" else "a4"), by=officer)
    assert other.supersedes is None


def test_papers_that_are_on_record_are_lines_of_their_own(proposal, officer):
    old = IssuedReport.objects.create(
        kind=KIND, proposal=proposal, content_key="old", sha256="0" * 64, size=1, page_count=1, language="en",
        subject_key=f"decision:{proposal.pk}:en:-", number="GMS-2026/P-0007/decision/1", issued_at=proposal.created_at,
    )  # fmt: skip
    kept = IssuedReport.objects.create(
        kind=KIND, proposal=proposal, content_key="kept", sha256="1" * 64, size=1, page_count=1, language="en",
        subject_key=f"decision:{proposal.pk}:en:-:letter", number="GMS-2026/P-0007/decision/2",
        issued_at=proposal.created_at,
    )  # fmt: skip

    assert issue(KIND, proposal.pk, Options("en", paper="letter"), by=officer).supersedes == kept
    assert issue(KIND, proposal.pk, EN, by=officer).supersedes == old


def test_a_working_copy_without_paper_gives_way_to_one_of_now(proposal, officer):
    stem = f"decision:{proposal.pk}:en:-"
    copies = [
        IssuedReport.objects.create(
            kind=KIND, proposal=proposal, content_key=key, sha256="0" * 64, size=1, page_count=1, subject_key=key
        )
        for key in (stem, f"{stem}:a4", f"{stem}:letter")
    ]

    assert reports_to_take(officer, proposal=proposal) == copies[1:]
