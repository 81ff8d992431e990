"""The report of a round: figures, decisions, reserve list, who may have it, and what a conflict keeps out of it."""

from decimal import Decimal

import pytest

from checklist.actions.decisions import apply_decisions, record_decision
from checklist.actions.eligibility import Finding, record_eligibility
from checklist.actions.recommendations import override_stop
from checklist.enums import ReportKind
from checklist.models import Assignment, EligibilityCheck
from checklist.reporting.making import Options, document_of, maker_of
from proposals.enums import AccessLevel
from proposals.models import Place
from tests.factories import make_auditor, make_member, make_officer, make_proposal, make_reviewer, make_round, open_to

from .deciding import judge, make_item_critical

pytestmark = pytest.mark.django_db
MAKER = maker_of(ReportKind.ROUND)


def report_on(round_, user, **options):
    return MAKER.build(MAKER.load(round_.pk), Options("en", **options), user)


@pytest.fixture
def round_(instruments):
    round_ = make_round("ROUND", currency="USD", phase="decision", budget=Decimal(1000), reviewers_wanted=1)
    round_.criterion = make_item_critical(round_)
    round_.instruments.filter(version__result_kind="share").update(ranks=True)
    return round_


@pytest.fixture
def decided(round_, officer):
    """[funded, second on the reserve list, first on it], an ineligible one, and one for practice."""
    chair = make_member(round_, "chair", name="Clara Chair")
    proposals = [make_proposal(round_, amount=400, currency="USD", title=f"Number {n}") for n in (1, 2, 3)]
    for proposal, first in zip(proposals, ("yes", "no", "partly"), strict=True):
        Place.objects.create(proposal=proposal, country="TH")
        judge(proposal, first=first)
    override_stop(proposal=proposals[1], criterion=round_.criterion, reason="Weighed.", by=chair)
    record_decision(
        proposal=proposals[0],
        outcome="fund_with_conditions",
        conditions="A plan.",
        reasons="Best.",
        amount=350,
        by=officer,
    )
    record_decision(proposal=proposals[2], outcome="reserve", reasons="Good.", place=1, by=officer)
    record_decision(proposal=proposals[1], outcome="reserve", reasons="Fair.", place=2, by=officer)
    apply_decisions(round_=round_, by=officer)
    make_proposal(round_, status="ineligible")
    judge(make_proposal(round_, is_practice=True, title="Practice"))
    return proposals


def figures(report):
    return {figure.label: figure.value for figure in (*report.figures, *report.money, *report.outcomes)}


def test_the_round_in_figures_leaves_practice_out(round_, decided, officer):
    found = figures(report_on(round_, officer))

    assert (found["Proposals received"], found["Eligible"], found["Not eligible"]) == (4, 3, 1)
    assert (found["Proposals assessed"], found["Assessments handed in"], found["Reviewers who handed in"]) == (3, 3, 3)
    assert (found["Budget"], found["Granted"], found["Left"]) == (1000, 350, 650)
    assert (found["Fund with conditions"], found["Reserve list"], found["Not decided"]) == (1, 2, 0)


def test_decisions_reserve_list_and_overrides_in_their_order(round_, decided, officer):
    report = report_on(round_, officer)

    assert [line.outcome for line in report.decisions] == [
        "Fund with conditions", "Reserve list, place 1", "Reserve list, place 2",
    ]  # fmt: skip
    assert (report.decisions[0].conditions, report.decisions[0].amount_words) == ("A plan.", "USD 350")
    assert [line.title for line in report.reserve] == ["Number 3", "Number 2"]
    assert [(line.title, line.reason, line.by) for line in report.overrides] == [
        ("Number 2", "Weighed.", "Clara Chair")
    ]
    assert [row.place for row in report.ranking] == [1, 2, 3]
    assert report.left_out == 1
    assert report.portfolio_of == "Funded by applied decisions"
    (thailand,) = report.portfolio[0].parts
    assert (thailand.label, thailand.chosen, thailand.of, thailand.amount) == ("Thailand", 1, 3, 400)
    assert len(report.instruments[0].questions) == 11
    assert "Practice" not in report.to_json()
    assert "Rita" not in report.to_json()  # no reviewer is named


def test_what_a_conflict_closes_is_counted_and_not_named(round_, decided):
    odd = make_officer(round_, name="Odd Officer")
    open_to(decided[0], odd, AccessLevel.CLOSED)

    report = report_on(round_, odd)

    assert report.hidden == 1
    assert "Number 1" not in report.to_json()
    assert [row.place for row in report.ranking] == [2, 3]
    assert figures(report)["Granted"] == 0


def test_who_was_found_not_eligible_stands_with_condition_and_reason(round_, officer):
    first = EligibilityCheck.objects.create(round=round_, position=1, wording="Works in the region")
    second = EligibilityCheck.objects.create(round=round_, position=2, wording="Is registered")
    failed = make_proposal(round_, title="Far away")
    closed = make_proposal(round_, title="Behind the wall")
    for proposal in (failed, closed):
        record_eligibility(
            proposal=proposal,
            findings={first.pk: Finding("failed", f"{proposal.title} it works."), second.pk: Finding("passed")},
            by=officer,
        )
    make_proposal(round_, title="Open still")
    open_to(closed, officer, AccessLevel.CLOSED)
    when = failed.eligibility_results.latest("at").at

    report = report_on(round_, officer)

    (line,) = report.ineligible
    assert (line.title, line.reasons) == ("Far away", (("Works in the region", "Far away it works."),))
    assert report.dated_at >= when
    assert "Behind the wall" not in report.to_json()
    document = document_of(MAKER, round_, Options("en"), report)
    assert "Found not eligible" in document.html
    assert "Works in the region</strong><br>Far away it works." in document.html


def test_who_may_have_it(round_, officer):
    chair, owing = make_member(round_, "chair"), make_member(round_, "chair", name="Otto Owing")
    Assignment.objects.create(proposal=make_proposal(round_), reviewer=owing)

    readers = [officer, chair, make_auditor()]
    others = [owing, make_reviewer(round_), make_member(round_, "observer"), make_officer(make_round())]

    assert [MAKER.may_read(person, round_) for person in readers] == [True] * 3
    assert [MAKER.may_read(person, round_) for person in others] == [False] * 4


def test_an_empty_round_has_a_report_too(round_, officer):
    subject, options = MAKER.load(round_.pk), Options("en", names="letters")

    document = document_of(MAKER, subject, options, MAKER.build(subject, options, officer))

    assert "There is no proposal to rank." in document.html
    assert "Nothing is decided." in document.html
    assert "Nothing is chosen yet" in document.html


def test_building_takes_the_same_queries_with_more_proposals(round_, officer, django_assert_max_num_queries):
    judge(make_proposal(round_))
    report_on(round_, officer)
    with django_assert_max_num_queries(60) as one:
        report_on(round_, officer)
    for _number in range(2):
        judge(make_proposal(round_))
    report_on(round_, officer)

    with django_assert_max_num_queries(len(one)):
        report_on(round_, officer)
