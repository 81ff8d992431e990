"""Builds scorecards from what was judged: frozen values; `reporting.scorecard` makes the PDF of them."""

from __future__ import annotations

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from checklist import presentation
from checklist.enums import AssessmentKind, Conclusion
from checklist.facts import proposal_facts
from checklist.naming import by_letter
from checklist.scorecard import QuestionLine, Scorecard
from checklist.scorecard_parts import part_of
from checklist.selectors.panels import closed_before
from checklist.selectors.results import load_content, notices
from checklist.selectors.tensions import tension_rules, tension_texts, tensions_of


def build_scorecard(assessment, *, language=None, letter=""):
    """The scorecard of one assessment, of a draft too; eight queries beside the kept sheets.

    With a `letter` it says "Reviewer B" and keeps back what else tells who she is.

    `assessment` comes from `selectors.scorecards.assessments_for_reports`.
    """
    language = language or assessment.language
    content = load_content(assessment, language=language)
    with override(language):
        return _scorecard(assessment, content, language, letter)


def _scorecard(assessment, content, language, letter):
    proposal, round_ = assessment.proposal, assessment.proposal.round
    parts = tuple(part_of(each) for each in content.instruments)
    titles = {item.key: item.short_title for part in parts for item in part.items}
    assignment = assessment.assignment
    return Scorecard(
        report_reference=f"{proposal.reference}-A{assessment.pk}.{assessment.submission_number}",
        language=language,
        is_draft=not assessment.is_submitted,
        proposal_reference=proposal.reference,
        proposal_title=proposal.title,
        donor=round_.donor_name or round_.title,
        round_title=round_.title,
        round_reference=round_.reference,
        facts=tuple(proposal_facts(proposal)),
        summary=proposal.summary,
        parts=parts,
        flags=tuple(f"{item.number}. {item.flag}" for part in parts for item in part.items if item.flag),
        notices=(
            *(presentation.notice_text(notice, titles) for notice in notices(content)),
            *_tension_notices(content, language),
        ),
        questions=tuple(question for each in content.instruments for question in _questions(each)),
        conclusion=assessment.conclusion,
        conclusion_word=str(Conclusion(assessment.conclusion).label) if assessment.conclusion else "",
        conclusion_reason=assessment.conclusion_reason,
        override_reason=assessment.override_reason,
        reviewer=_writer(assessment, by_letter(letter) if letter else str(assessment.reviewer)),
        reviewer_organisation="" if letter or is_consensus(assessment) else assessment.reviewer.organisation_name,
        declaration=assignment.declaration if assignment and not letter else "",
        declared_at=assignment.declared_at if assignment else None,
        dated_at=assessment.submitted_at or assessment.saved_at,
        submission_number=assessment.submission_number,
        is_of_panel=is_consensus(assessment),
        late_note=_late_note(assessment),
    )


def _late_note(assessment):
    """That the panel's consensus does not rest on it, where a reviewer came later."""
    closed_at = closed_before(assessment)
    if closed_at is None:
        return ""
    day = {"day": formats.date_format(timezone.localtime(closed_at), "DATE_FORMAT")}
    return _("Submitted after the panel closed its consensus on %(day)s. The consensus does not rest on it.") % day


def _tension_notices(content, language):
    """Where two instruments pull in different directions, with the answers that brought it up."""
    found = tensions_of(content, tension_rules()) if len(content.instruments) > 1 else ()
    texts = tension_texts([each.slug for each in found], language)
    return (presentation.tension_text(content, each, *texts[each.slug]) for each in found)


def _writer(assessment, name):
    """Who speaks: the reviewer, or the panel."""
    if is_consensus(assessment):
        return _("The panel, led by %(name)s") % {"name": name}
    return name


def is_consensus(assessment):
    return assessment.kind == AssessmentKind.CONSENSUS


# -- Questions to the applicant ------------------------------------------------------------------


def _questions(each):
    for question in each.questions:
        criterion = each.sheet.criterion(question.key)
        sub = criterion.sub(question.sub) if question.sub else None
        label = f"{sub.label} {criterion.short_title}" if sub else f"{criterion.number} {criterion.short_title}"
        yield QuestionLine(label, sub.wording if sub else criterion.wording, question.text)
