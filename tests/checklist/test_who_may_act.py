"""What an auditor relies on is refused by the action itself, whoever calls it, not by its page alone."""

from types import SimpleNamespace

import pytest

from checklist.actions import setup
from checklist.actions.assignments import CannotAssign, assign_reviewers
from checklist.actions.dossiers import MayNotTakeDossier, record_dossier
from checklist.actions.issuing import CannotIssue, issue_report
from checklist.actions.reports import MayNotExport, record_score_export
from checklist.enums import ReportKind
from checklist.models import Assignment, IssuedReport
from proposals.enums import AccessLevel
from proposals.models import FundingRound
from screening.models import AuditEvent
from tests.factories import (
    make_auditor,
    make_member,
    make_officer,
    make_proposal,
    make_reviewer,
    make_round,
    make_user,
    open_to,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal(round_):
    return make_proposal(round_)


@pytest.fixture
def torn(round_, proposal):
    """An officer of the round with a conflict of interest on the proposal."""
    officer = make_officer(round_)
    open_to(proposal, officer, AccessLevel.CLOSED)
    return officer


def test_only_an_officer_to_whom_the_proposals_are_open_asks_reviewers(round_, proposal, torn):
    reviewer = make_reviewer(round_)

    def ask(who, asked):
        return assign_reviewers(round_=round_, proposals=[asked], reviewers=[reviewer], due_on=None, by=who)

    for who in (reviewer, make_member(round_, "chair"), make_auditor(), make_officer(make_round()), torn):
        with pytest.raises(CannotAssign, match="Only a programme officer"):
            ask(who, proposal)

    assert not Assignment.objects.exists()
    assert ask(torn, make_proposal(round_))


def test_only_who_issues_reports_issues_one(round_, proposal, torn):
    """Refused before anything of the PDF is looked at."""
    rest = {"content_key": "k", "made": None, "language": "en", "subject_key": "s", "supersedes": None}
    rest["stamp"] = SimpleNamespace(number="N-1", issued_at=None)

    for who in (torn, make_member(round_, "chair"), make_auditor(), make_officer(make_round())):
        for kind, holders in ((ReportKind.PROPOSAL, {"proposal": proposal}), (ReportKind.ROUND, {"round": round_})):
            with pytest.raises(CannotIssue, match="You may not issue"):
                issue_report(kind=kind, holders=holders, by=who, **rest)

    assert not IssuedReport.objects.exists()


def test_only_who_exports_takes_dossiers_and_scores(round_, proposal, torn):
    with pytest.raises(MayNotTakeDossier):
        record_dossier(subject=proposal, by=torn)
    for who in (make_reviewer(round_), make_member(round_, "observer"), make_officer(make_round()), make_user()):
        with pytest.raises(MayNotTakeDossier):
            record_dossier(subject=proposal, by=who)
        with pytest.raises(MayNotTakeDossier):
            record_dossier(subject=round_, by=who)
        with pytest.raises(MayNotExport):
            record_score_export(round_=round_, rows={}, by=who)

    assert not AuditEvent.objects.filter(event__in=("dossier_exported", "scores_exported")).exists()
    record_score_export(round_=round_, rows={}, by=make_auditor())
    assert AuditEvent.objects.filter(event="scores_exported").count() == 1


def test_only_who_runs_the_round_sets_it_up(round_):
    """What it judges by, what stops a proposal, who sees whose names, and how much there is to give."""
    terms = {"versions": [], "ranks": None, "limits": {}}
    steps = (
        lambda by: setup.save_facts(round_=round_, windows=[], by=by),
        lambda by: setup.save_instruments(round_=round_, by=by, **terms),
        lambda by: setup.save_critical(round_=round_, rules={}, by=by),
        lambda by: setup.save_review(round_=round_, rules={"names_shown": "all"}, by=by),
        lambda by: setup.save_money(round_=round_, rules={"needs_consensus": False}, by=by),
        lambda by: setup.save_checks(round_=round_, conditions=[], by=by),
        lambda by: setup.finish_setup(round_=round_, by=by),
    )

    for who in (make_member(round_, "chair"), make_reviewer(round_), make_auditor(), make_officer(make_round())):
        for step in steps:
            with pytest.raises(setup.MayNotSetUp):
                step(who)

    assert not AuditEvent.objects.exists()


def test_a_round_is_opened_by_who_opens_rounds(round_):
    for who in (make_member(round_, "chair"), make_auditor(), make_user()):
        with pytest.raises(setup.MayNotSetUp):
            setup.begin_round(round_=FundingRound(reference="NEW", title="New"), windows=[], officer=who, by=who)

    assert not FundingRound.objects.filter(reference="NEW").exists()
