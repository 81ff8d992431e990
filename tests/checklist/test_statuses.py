"""What the funder decided stays hidden from whoever still owes an assessment of the proposal."""

import pytest
from django.urls import reverse

from checklist.actions.assessments import submit_assessment
from checklist.actions.feedback import set_feedback_text
from checklist.actions.questions import order_questions
from checklist.models import ApplicantQuestion
from checklist.selectors.history import history_of
from proposals.actions.states import set_statuses
from proposals.models import Proposal
from tests.factories import answer_all, make_assessment, make_member, make_proposal, make_reviewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def decided(instruments, round_, officer):
    """Funded, while two still owe an assessment of it: a reviewer, and a chair who reviews too."""
    proposal = make_proposal(round_, title="Night boats")
    make_assessment(proposal=proposal, reviewer=make_reviewer(round_, name="Rita Late"))
    chair = make_member(round_, "chair", name="Clara Chair")
    round_.grants.create(user=chair, role="reviewer")
    make_assessment(proposal=proposal, reviewer=chair)
    set_statuses(statuses=[(proposal, "funded")], by=officer)
    return proposal


def asked(proposal, name):
    return proposal.assignments.get(reviewer__name=name).reviewer


def get(client, user, name, *args, query=""):
    client.force_login(user)
    response = client.get(reverse(f"checklist:{name}", args=args) + query)
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode()


def test_the_page_of_the_proposal(client, decided, officer):
    for name in ("Rita Late", "Clara Chair"):
        page = get(client, asked(decided, name), "proposal-detail", decided.pk)
        assert "<dd>In review</dd>" in page
        assert "Funded" not in page

    assert "<dd>Funded</dd>" in get(client, officer, "proposal-detail", decided.pk)


def test_the_search(client, decided, officer):
    assert "Funded" not in get(client, asked(decided, "Rita Late"), "search", query="?q=night")
    assert "Funded" in get(client, officer, "search", query="?q=night")


def test_the_list_its_filter_its_order_and_its_export(client, decided, officer, round_):
    chair = asked(decided, "Clara Chair")
    make_proposal(round_, title="Also in review", status="in_review")
    make_proposal(round_, title="Declined before", status="declined")

    def listed(query, user=chair):
        return get(client, user, "proposal-list", round_.reference, query=query)

    assert '<td class="fit">Funded</td>' not in listed("")
    assert "Night boats" not in listed("?status=funded")
    assert "Night boats" in listed("?status=in_review")
    assert "Night boats" in listed("?status=funded", officer)
    # Declined, then both in review; "funded" would stand between them.
    rows = listed("?sort=status&export=csv").splitlines()[1:]
    assert [row.split(",")[1] for row in rows] == ["Declined before", "Night boats", "Also in review"]
    assert not any("Funded" in row for row in rows)


def test_the_history(decided, officer):
    chair = asked(decided, "Clara Chair")

    def said(user):
        [entry] = [each for each in history_of(decided.thread, user) if "changed the state" in each.text]
        return entry.is_hidden, bool(entry.changes)

    assert said(chair) == (True, False)
    assert said(officer) == (False, True)


def test_what_the_applicant_is_told_or_asked(decided, officer):
    """The officer words it from what reviewers found."""
    chair = asked(decided, "Clara Chair")
    words = {"strengths": "Secret strength.", "weaknesses": "", "advice": ""}
    set_feedback_text(proposal=decided, language="en", by=officer, **words)
    questions = [ApplicantQuestion.objects.create(proposal=decided, position=n, text=f"Secret {n}") for n in (1, 2)]
    Proposal.objects.filter(pk=decided.pk).update(status="in_review")
    order_questions(proposal=decided, order=[questions[1].pk, questions[0].pk], by=officer)

    def said(user):
        return str([(entry.note, entry.changes) for entry in history_of(decided.thread, user)])

    assert "Secret" not in said(chair)
    assert "Secret strength." in said(officer)
    assert "Secret 2" in said(officer)


def test_it_is_open_to_her_once_hers_is_in(client, decided):
    reviewer = asked(decided, "Rita Late")
    assessment = decided.assessments.get(reviewer=reviewer)
    answer_all(assessment)
    submit_assessment(assessment=assessment, by=reviewer)

    assert "<dd>Funded</dd>" in get(client, reviewer, "proposal-detail", decided.pk)
