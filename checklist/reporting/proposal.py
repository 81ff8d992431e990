"""The proposal assessment report: all reviewers side by side, the panel, the applicant's answers, the decision."""

from __future__ import annotations

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from checklist.enums import CriticalRule, ReportKind
from checklist.facts import proposal_facts
from checklist.models import RoundCriticalRule
from checklist.report_rules import can_take_reports_on
from checklist.selectors.decisions import snapshot_of
from checklist.selectors.flags import scores_of_proposal
from checklist.selectors.instruments import sheet
from checklist.selectors.letterheads import board_look
from checklist.selectors.panels import consensus_of, readable_assessments
from checklist.selectors.round_results import round_results
from checklist.selectors.stops import stops_of
from proposals.models import Participation, Proposal

from .calling import calling_for
from .course_values import SourceLine
from .data import newest
from .making import LETTERS, Maker
from .proposal_course import (
    advice_of,
    consensus_lines,
    decision_lines,
    document_lines,
    people_of,
    question_lines,
    stop_lines,
    views_of,
)
from .proposal_sides import harm_of, sides_of, standing_of, summaries_of
from .proposal_values import ProposalReport


def load(pk):
    """The proposal with its round and facts, or None."""
    rows = Proposal.objects.select_related("round", "applicant").prefetch_related(
        Prefetch("participations", Participation.objects.select_related("organisation")), "places", "tags"
    )
    return rows.filter(pk=pk).first()


def build(proposal, options, user):
    """The ProposalReport as this person may see it."""
    with override(options.language):
        return _report(proposal, options, user)


def _report(proposal, options, user):
    calling = calling_for(proposal, options.names)
    assessments, consensus = readable_assessments(proposal, user), consensus_of(proposal)
    now = snapshot_of(proposal)
    found = _found(proposal, assessments, consensus, now, calling, options.language, user)
    course, times = _course(proposal, consensus, now, found["sides"], calling, options.language)
    times += [each.submitted_at for each in assessments]
    times += [consensus.saved_at, consensus.submitted_at] if consensus else []
    return ProposalReport(
        language=options.language,
        is_lettered=options.names == LETTERS,
        dated_at=newest(proposal.created_at, *times),
        **_about(proposal),
        **found,
        **course,
    )


def _about(proposal):
    """What was asked for, and by which words the report is known."""
    round_ = proposal.round
    words = {"reference": proposal.reference, "title": proposal.title}
    return {
        "reference": proposal.reference,
        "title": _("Assessment report %(reference)s: %(title)s") % words,
        "proposal_title": proposal.title,
        "donor": round_.donor_name or round_.title,
        "round_title": round_.title,
        "round_reference": round_.reference,
        "state": str(proposal.get_status_display()),
        "facts": tuple(proposal_facts(proposal)),
        "summary": proposal.summary,
    }


def _found(proposal, assessments, consensus, now, calling, language, user):
    """What reviewers and panel found, in answers and in numbers."""
    results = round_results(proposal.round, user)
    _pictures, harm = scores_of_proposal(proposal, user, calling)
    return {
        "harm": harm_of(harm),
        "summaries": summaries_of(results.of_proposal(proposal.pk), results.pins, now, language),
        "standing": standing_of(proposal, user),
        "views": views_of(assessments, calling),
        "sides": sides_of(assessments, consensus, calling, language),
        "sources": sources_of(proposal.round, results.pins),
    }


def _course(proposal, consensus, now, sides, calling, language):
    """(who was asked, what was settled, asked of the applicant and decided; the times of all that)"""
    people, times = people_of(proposal, calling)
    questions, left_out, asked = question_lines(proposal, calling)
    agreed = consensus_lines(consensus, sides, calling, language)
    advice, decisions = advice_of(proposal, calling), decision_lines(proposal, now, calling, language)
    documents, stops = document_lines(proposal), stop_lines(stops_of([proposal], language)[proposal.pk], calling)
    times += asked
    times += [each.at for each in (*advice, *decisions, *(agreed.changes if agreed else ()))]
    times += [each.applied_at for each in decisions]
    times += [each.override_at for each in stops]
    times += [each.added_at for each in documents]
    course = {
        "consensus": agreed,
        "stops": stops,
        "people": people,
        "questions": questions,
        "questions_left_out": left_out,
        "advice": advice,
        "decisions": decisions,
        "documents": documents,
    }
    return course, times


def sources_of(round_, pins):
    """[SourceLine] of the instruments that the round judges by, with the rules it set for them."""
    critical = {}
    for each in RoundCriticalRule.objects.filter(round=round_).select_related("criterion").order_by("pk"):
        critical.setdefault(each.criterion.version_id, []).append(each)
    return tuple(_source(pin, critical.get(pin.version_id, ())) for pin in pins)


def _source(pin, critical):
    shown = sheet(pin.version_id, get_language())
    rules = []
    if pin.ranks:
        rules.append(_("puts the proposals in order"))
    if pin.threshold is not None:
        rules.append(_("threshold %(n)s") % {"n": f"{pin.threshold.normalize():f}"})
    if pin.minimum_coverage is not None:
        rules.append(_("minimum coverage %(n)s %%") % {"n": pin.minimum_coverage})
    for each in critical:
        word = CriticalRule(each.rule).label
        rules.append(f"{shown.criterion(each.criterion.key).number}: {word}")
    return SourceLine(
        label=_("%(title)s, version %(number)s") % {"title": shown.title, "number": shown.number},
        source=shown.source,
        note=shown.interpretation_note,
        content_hash=pin.version.content_hash,
        rules=tuple(rules),
    )


MAKER = Maker(
    kind=ReportKind.PROPOSAL,
    template="checklist/reports/proposal.html",
    load=load,
    may_read=can_take_reports_on,
    build=build,
    holders=lambda proposal: {"proposal": proposal},
    back=lambda proposal: (proposal.title, reverse("checklist:proposal-assessments", args=[proposal.pk])),
    letterhead=lambda proposal: board_look(proposal.round),
)
