"""Builds scorecards from what was judged: frozen values; `reporting.scorecard` makes the PDF of them."""

from __future__ import annotations

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_countries import countries

from checklist import presentation
from checklist.enums import AssessmentKind, Conclusion
from checklist.naming import by_letter
from checklist.scorecard import QuestionLine, Scorecard
from checklist.scorecard_parts import part_of
from checklist.selectors.panels import closed_before
from checklist.selectors.results import load_content, notices
from checklist.selectors.tensions import tension_rules, tension_texts, tensions_of
from proposals.enums import TAG_CHOICES, ParticipationRole, TagVocabulary


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


# -- Facts of the proposal ----------------------------------------------------------------------


def proposal_facts(proposal):
    """What was asked for, by whom and where; only what is known."""
    rows = (
        (_("Applicant"), proposal.applicant.name if proposal.applicant else ""),
        (_("Partners"), _organisations(proposal, ParticipationRole.PARTNER)),
        (_("Other funders"), _organisations(proposal, ParticipationRole.FUNDER)),
        (_("Where"), _places(proposal)),
        (_("Asked for"), _money(proposal)),
        (_("Period"), _period(proposal)),
        (_("Exploitation"), _tags(proposal, TagVocabulary.EXPLOITATION)),
        (_("People"), _tags(proposal, TagVocabulary.POPULATION)),
        (_("Serves"), _tags(proposal, TagVocabulary.FOUR_P)),
        (_("Victim contact"), str(proposal.get_victim_contact_display())),
    )
    return ((term, value) for term, value in rows if value)


def _organisations(proposal, role):
    return ", ".join(sorted(each.organisation.name for each in proposal.participations.all() if each.role == role))


def _places(proposal):
    by_country: dict[str, list[str]] = {}
    for place in sorted(proposal.places.all(), key=lambda place: place.pk):
        by_country.setdefault(countries.name(place.country) if place.country else "", []).append(place.area)
    said = []
    for country, areas in by_country.items():
        named = ", ".join(area for area in areas if area)
        said.append(f"{country} ({named})" if country and named else country or named)
    return "; ".join(said)


def _money(proposal):
    if proposal.amount is None:
        return ""
    decimals = 0 if proposal.amount == proposal.amount.to_integral_value() else 2
    number = formats.number_format(proposal.amount, decimal_pos=decimals, use_l10n=True, force_grouping=True)
    return f"{proposal.currency or proposal.round.currency} {number}"


def _period(proposal):
    start, end = (formats.date_format(day, "j F Y") if day else "" for day in (proposal.starts_on, proposal.ends_on))
    if start and end:
        return _("%(start)s to %(end)s") % {"start": start, "end": end}
    return (start and _("from %(start)s") % {"start": start}) or (end and _("until %(end)s") % {"end": end})


def _tags(proposal, vocabulary):
    choices = TAG_CHOICES[vocabulary]
    held = {tag.code for tag in proposal.tags.all() if tag.vocabulary == vocabulary}
    return ", ".join(str(choice.label) for choice in choices if choice.value in held)


# -- Questions to the applicant ------------------------------------------------------------------


def _questions(each):
    for question in each.questions:
        criterion = each.sheet.criterion(question.key)
        sub = criterion.sub(question.sub) if question.sub else None
        label = f"{sub.label} {criterion.short_title}" if sub else f"{criterion.number} {criterion.short_title}"
        yield QuestionLine(label, sub.wording if sub else criterion.wording, question.text)
