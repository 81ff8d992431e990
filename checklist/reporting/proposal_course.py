"""Who was asked and what they declared, what the panel settled, what was asked of the applicant, what was decided."""

from __future__ import annotations

from collections import defaultdict
from copy import deepcopy

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checklist.enums import Conclusion, DecisionState, QuestionState, SuspicionState
from checklist.models import ApplicantQuestion, Assignment, SuspectedConflict
from checklist.selectors.conflicts import sentence_of
from checklist.selectors.decisions import decisions_of, has_changed
from checklist.tables.consensus import change_lines
from checklist.tables.decisions import decision_words, number, snapshot_words
from proposals.models import Document

from .course_values import (
    Advice,
    Basis,
    ChangeLine,
    Consensus,
    DecisionLine,
    DocumentLine,
    PersonLine,
    QuestionLine,
    StopLine,
    View,
)

HELD = (DecisionState.PENDING, DecisionState.APPLIED)


def day(time):
    """ "22 November 2026" in the language in force."""
    return date_format(localtime(time) if hasattr(time, "hour") else time, "j F Y")


# -- People -------------------------------------------------------------------------------------


def views_of(assessments, calling):
    """[View] of the submitted assessments."""
    return tuple(_view(each, calling(each.reviewer), calling) for each in assessments)


def _view(assessment, name, calling):
    return View(
        name=name,
        word=str(Conclusion(assessment.conclusion).label) if assessment.conclusion else "",
        reason=calling.text(assessment.conclusion_reason),
        override_reason=calling.text(assessment.override_reason),
        submitted_at=assessment.submitted_at,
        submission=assessment.submission_number,
    )


def people_of(proposal, calling):
    """([PersonLine], times of what they show) of everybody who was asked or may have a conflict."""
    asked = Assignment.objects.filter(proposal=proposal).select_related("reviewer", "assessment").order_by("pk")
    notes, times = _suspicions(proposal, calling)
    lines = []
    for each in asked:
        lines.append(_person(each, notes.pop(each.reviewer_id, ()), calling))
        times += [time for time in (each.assigned_at, each.declared_at, each.closed_at) if time]
    for found in notes.values():
        for name, note in found:
            lines.append(PersonLine(name, "", _("Was not asked"), (), "", "", (note,)))
    return tuple(lines), times


def _person(assignment, notes, calling):
    assessment = getattr(assignment, "assessment", None)
    course = [_("asked on %(day)s") % {"day": day(assignment.assigned_at)}]
    if assignment.declared_at:
        course.append(_("declared on %(day)s") % {"day": day(assignment.declared_at)})
    is_in = assessment is not None and assessment.is_submitted
    if is_in:
        course.append(_("handed in on %(day)s") % {"day": day(assessment.submitted_at)})
    if assignment.closed_at:
        course.append(_("closed on %(day)s") % {"day": day(assignment.closed_at)})
    hidden = calling.is_hidden
    return PersonLine(
        name=calling(assignment.reviewer),
        organisation="" if hidden else assignment.reviewer.organisation_name,
        state=_("Handed in") if is_in else str(assignment.get_state_display()),
        course=tuple(course),
        # Her own words on ties and reasons would tell who she is.
        declaration="" if hidden else assignment.declaration,
        closing_reason="" if hidden else assignment.closing_reason,
        notes=tuple(note for _name, note in notes),
    )


def _suspicions(proposal, calling):
    """({person id: [(name, what was found and what became of it)]}, times)"""
    rows = SuspectedConflict.objects.filter(proposal=proposal).select_related("reviewer", "decided_by")
    found, times = defaultdict(list), []
    for row in rows.order_by("pk"):
        hidden = calling.is_hidden
        said = _("Possible conflict: %(what)s.") % {
            "what": row.get_kind_display() if hidden else sentence_of(row.kind, row.detail)
        }
        if row.state != SuspicionState.OPEN:
            who = calling.office(row.decided_by, _("the programme officer or the chair"))
            words = {"state": row.get_state_display(), "day": day(row.decided_at), "who": who}
            said += " " + _("%(state)s on %(day)s by %(who)s.") % words
            said += "" if hidden else f" {row.reason}"
        else:
            said += " " + _("Nobody has decided about it yet.")
        found[row.reviewer_id].append((calling(row.reviewer), said))
        times += [time for time in (row.found_at, row.decided_at) if time]
    return found, times


# -- Panel --------------------------------------------------------------------------------------


def consensus_lines(consensus, sides, calling, language):
    """The Consensus of the panel, or None before it is begun."""
    if consensus is None:
        return None
    leader = _("the chair")
    own = View("", "", "", "", None, 0) if not consensus.conclusion else _view(consensus, "", calling)
    rows = [row for side in sides for row in side.rows]
    return Consensus(
        led_by=calling.office(consensus.reviewer, leader),
        closed_at=consensus.submitted_at,
        view=own.word,
        reason=own.reason,
        override_reason=own.override_reason,
        changes=tuple(
            ChangeLine(
                f"{each.criterion.number}. {each.criterion.short_title}",
                each.words,
                calling.text(each.reason),
                leader if calling.is_hidden else each.by,
                each.at,
                each.others,
            )
            for each in change_lines(consensus, calling, language)
        ),
        open_rows=sum(row.settled == "open" for row in rows),
    )


def stop_lines(stops, calling):
    """[StopLine] from `selectors.stops.Stop`, with overrides of the chair."""
    found = []
    for stop in stops:
        said = [_("the panel") if who.is_panel else calling.by_id(who.user_pk, who.name) for who in stop.said_by]
        override = stop.override
        found.append(
            StopLine(
                instrument=stop.instrument,
                title=f"{stop.number}. {stop.title}",
                said_by=tuple(said),
                override_by=calling.office(override.by, _("the chair")) if override else "",
                override_at=override.at if override else None,
                override_reason=calling.text(override.reason) if override else "",
            )
        )
    return tuple(found)


# -- Applicant ----------------------------------------------------------------------------------


def question_lines(proposal, calling):
    """([QuestionLine], how many were left out, times of what they show), in their order."""
    rows = list(ApplicantQuestion.objects.filter(proposal=proposal).select_related("letter").order_by("position", "pk"))
    kept = [row for row in rows if row.state != QuestionState.DROPPED]
    lines = tuple(
        QuestionLine(calling.text(row.text), row.letter.sent_at if row.letter else None, row.answer, row.answered_on)
        for row in kept
    )
    return lines, len(rows) - len(kept), [line.asked_on for line in lines if line.asked_on]


def document_lines(proposal):
    """[DocumentLine] of what was received and is kept."""
    rows = Document.objects.kept().filter(proposal=proposal).order_by("kind", "added_at", "pk")
    return tuple(
        DocumentLine(row.name, str(row.get_kind_display()), row.length_in_words, row.added_at, row.sha256)
        for row in rows
    )


# -- Decisions ----------------------------------------------------------------------------------


def advice_of(proposal, calling):
    """[Advice], the newest first."""
    rows = proposal.recommendations.select_related("by").order_by("-pk")
    return tuple(
        Advice(
            outcome=str(row.get_outcome_display()),
            reasons=calling.text(row.reasons),
            conditions=calling.text(row.conditions),
            by=calling.office(row.by, _("the chair")),
            at=row.at,
        )
        for row in rows
    )


def decision_lines(proposal, now, calling, language):
    """[DecisionLine], the newest first; `now` is the snapshot of what is known today."""
    rows = decisions_of(proposal)
    holding = next((row for state in HELD for row in rows if row.state == state), None)
    return tuple(
        DecisionLine(
            outcome=decision_words(row),
            state=str(row.get_state_display()),
            holds=row is holding,
            amount=f"{proposal.round.currency} {number(row.amount)}" if row.amount is not None else "",
            reasons=calling.text(row.reasons),
            conditions=calling.text(row.conditions),
            by=calling.office(row.by, _("the programme officer")),
            at=row.at,
            applied_at=row.applied_at,
            basis=_basis(row.snapshot, calling, language),
            has_changed=bool(row.snapshot) and has_changed(row.snapshot, now),
        )
        for row in rows
    )


def _basis(snapshot, calling, language):
    """What a decision rested on, in sentences; None where nothing was kept."""
    kept = snapshot_words(_called(snapshot, calling), language)
    if kept is None:
        return None
    advice = kept["recommendation"]
    return Basis(
        made_at=kept["made_at"],
        results=tuple(_result_sentence(each) for each in kept["results"]),
        views=tuple(_view_of(each) for each in kept["reviewers"]),
        stops=tuple(_stop_sentence(each) for each in kept["stops"]),
        recommendation=f"{advice['outcome']} ({advice['by']}, {advice['at']})" if advice else "",
    )


def _called(snapshot, calling):
    """The snapshot with people called as the report calls them."""
    if not calling.is_hidden or not snapshot:
        return snapshot
    kept = deepcopy(snapshot)
    for each in kept["reviewers"]:
        each["name"] = calling.by_id(each["id"], each["name"])
    for stop in kept["stops"]:
        for said in stop["said_by"]:
            said["name"] = calling.by_id(said["id"], said["name"])
        if stop["override"]:
            stop["override"] |= {"by": _("the chair"), "reason": calling.text(stop["override"]["reason"])}
    if kept["consensus"]:
        kept["consensus"]["name"] = _("the chair")
    if kept["recommendation"]:
        kept["recommendation"]["by"] = _("the chair")
    return kept


def _result_sentence(each):
    if each["mean"]:
        said = ngettext("mean %(mean)s over %(n)s reviewer", "mean %(mean)s over %(n)s reviewers", each["n"])
        said = said % {"mean": each["mean"], "n": each["n"]}
    elif each["levels"]:
        said = _("mean levels") + " " + ", ".join(f"{title} {level}" for title, level in each["levels"])
    else:
        said = _("nothing that could be added up")
    title = _("%(title)s, version %(number)s") % {"title": each["title"], "number": each["number"]}
    return f"{title}: {said}"


def _stop_sentence(stop):
    said = _("%(stop)s, said by %(who)s") % {"stop": f"{stop['number']}. {stop['title']}", "who": stop["said_by"]}
    override = stop["override"]
    if override is None:
        return said
    words = {"who": override["by"], "at": override["at"], "reason": override["reason"]}
    return said + "; " + _("overridden by %(who)s, %(at)s: %(reason)s") % words


def _view_of(reviewer):
    """ "Rita Reviewer: Recommend", of a reviewer as a snapshot keeps her."""
    none = _("no overall view")
    return f"{reviewer['name']}: {reviewer['conclusion'] or none}"
