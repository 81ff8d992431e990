"""An officer is told of characters that no font of the PDF has, before she sends it out."""

import pytest
from django.urls import reverse

from tests.factories import answer_all, make_assessment, make_officer, make_proposal, make_round

from .written import submit


@pytest.mark.parametrize(("title", "is_told"), [("Safe harbours 🚢", True), ("Safe harbours ≥ 2", False)])
def test_on_the_page_of_a_scorecard(instruments, client, title, is_told):
    round_ = make_round("GLYPH")
    assessment = make_assessment(proposal=make_proposal(round_, title))
    answer_all(assessment)
    submit(assessment)
    client.force_login(make_officer(round_))

    page = client.get(reverse("checklist:scorecard", args=[assessment.pk])).content.decode()
    report = client.get(reverse("checklist:report", args=["proposal", assessment.proposal_id])).content.decode()
    issue = client.get(reverse("checklist:report-issue", args=["proposal", assessment.proposal_id])).content.decode()

    for shown in (page, report, issue):
        assert ("Some characters cannot be printed" in shown) is is_told
        assert ("U+1F6A2 (SHIP) under" in shown) is is_told
