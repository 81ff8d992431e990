"""Builds reports from what was judged: frozen values first, the PDF after. Testable without a PDF."""

from __future__ import annotations

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_countries import countries

from checklist import presentation, scoring
from checklist.enums import Conclusion
from checklist.scorecard import EvidenceLine, ItemLine, Part, QuestionLine, Scorecard, SubLine
from checklist.selectors.results import load_content, notices
from proposals.enums import TAG_CHOICES, ParticipationRole, TagVocabulary
from screening import svg
from screening.pdf import EmbeddedFile, prepare_pdf

SCORECARD_TEMPLATE = "checklist/reports/scorecard.html"


def build_scorecard(assessment, *, language=None):
    """The scorecard of one assessment, of a draft too; six queries beside the kept sheets.

    `assessment` comes from `selectors.scorecards.assessments_for_reports`.
    """
    language = language or assessment.language
    content = load_content(assessment, language=language)
    with override(language):
        return _scorecard(assessment, content, language)


def scorecard_document(scorecard):
    """The PDF of a scorecard, described but not yet made."""
    title = scorecard_title(scorecard)
    data = EmbeddedFile(f"{scorecard.report_reference}.json", scorecard.to_json(), title)
    return prepare_pdf(
        SCORECARD_TEMPLATE,
        {"card": scorecard, "printable": False},
        title=title,
        language=scorecard.language,
        created=scorecard.dated_at,
        attachments=[data],
    )


def scorecard_title(scorecard):
    """The title of the document, in its language."""
    with override(scorecard.language):
        values = {"reference": scorecard.proposal_reference, "title": scorecard.proposal_title}
        return _("Scorecard %(reference)s: %(title)s") % values


def _scorecard(assessment, content, language):
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
        notices=tuple(presentation.notice_text(notice, titles) for notice in notices(content)),
        questions=tuple(question for each in content.instruments for question in _questions(each)),
        conclusion=assessment.conclusion,
        conclusion_word=str(Conclusion(assessment.conclusion).label) if assessment.conclusion else "",
        conclusion_reason=assessment.conclusion_reason,
        override_reason=assessment.override_reason,
        reviewer=str(assessment.reviewer),
        reviewer_organisation=assessment.reviewer.organisation_name,
        declaration=assignment.declaration if assignment else "",
        declared_at=assignment.declared_at if assignment else None,
        dated_at=assessment.submitted_at or assessment.saved_at,
        submission_number=assessment.submission_number,
    )


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


# -- One instrument -----------------------------------------------------------------------------


def part_of(each):
    """One instrument as the scorecard shows it; of a trial too."""
    result, sheet = each.result, each.sheet
    criticals = {critical.key: critical for critical in result.criticals}
    flags = {} if sheet.is_profile else {flag.key: flag.code for flag in result.flags}
    line = _level_line if sheet.is_profile else _item_line
    items = tuple(
        line(criterion, result.item(criterion.key), each.stored.get(criterion.key), criticals, flags)
        for criterion in sheet.criteria
    )
    return Part(
        slug=sheet.slug,
        version=sheet.number,
        title=sheet.title,
        short_title=sheet.short_title,
        introduction=sheet.introduction,
        source=sheet.source,
        interpretation_note=sheet.interpretation_note,
        is_profile=sheet.is_profile,
        items=items,
        judged=result.judged,
        applicable=result.applicable,
        total=result.total,
        formula=presentation.formula_sentences(each.spec, result),
        **_sums(result),
    )


def _sums(result):
    if isinstance(result, scoring.ProfileResult):
        said = _("%(judged)s of %(total)s judged") % {"judged": result.judged, "total": result.total}
        empty = dict.fromkeys(("share", "low", "high", "share_percent", "low_percent", "high_percent"))
        return {**empty, "counts": (), "sentence": said, "range_sentence": ""}
    low, high = (result.range.low, result.range.high) if result.range else (None, None)
    return {
        "share": presentation.exact_percent(result.share),
        "low": presentation.exact_percent(low),
        "high": presentation.exact_percent(high),
        "share_percent": presentation.percent(result.share),
        "low_percent": presentation.percent(low),
        "high_percent": presentation.percent(high),
        "counts": presentation.counts_in_order(result.counts),
        "sentence": presentation.share_sentence(result),
        "range_sentence": presentation.range_sentence(result),
    }


def _item_line(criterion, result, stored, criticals, flags):
    state = presentation.mark_state(result.favourability)
    derived = criterion.option(result.derived) if result.derived != result.raw and result.raw else None
    return _line(
        criterion,
        stored,
        criticals,
        flags,
        code=result.answer,
        mark=state,
        level=None,
        finding=presentation.state_word(state),
        is_derived=bool(result.answer and not result.raw),
        derived=derived.label if derived else "",
    )


def _level_line(criterion, result, stored, criticals, flags):
    is_level = result.level is not None
    state = svg.FAVOURABLE if is_level else presentation.mark_state(result.state)
    finding = presentation.level_word(result.level) if is_level else presentation.state_word(state)
    code = str(result.level) if is_level else result.raw
    return _line(
        criterion,
        stored,
        criticals,
        flags,
        code=code,
        mark="level" if is_level else state,
        level=result.level,
        finding=finding,
        is_derived=False,
        derived="",
    )


def _line(criterion, stored, criticals, flags, *, code, **values):
    critical = criticals.get(criterion.key)
    option = criterion.option(code) if code else None
    return ItemLine(
        key=criterion.key,
        number=criterion.number,
        short_title=criterion.short_title,
        wording=criterion.wording,
        code=code or "",
        answer=option.label if option else "",
        descriptor=option.descriptor if option else "",
        rationale=stored.answer.rationale if stored else "",
        subs=tuple(_subs(criterion, stored)) if stored else (),
        evidence=tuple(_evidence(each) for each in stored.evidence) if stored else (),
        critical=critical.reason_key if critical else "",
        critical_text=presentation.critical_text(critical) if critical else "",
        flag=presentation.flag_text(flags[criterion.key]) if criterion.key in flags else "",
        **values,
    )


def _subs(criterion, stored):
    for sub in criterion.subs:
        given = stored.answer.subs.get(sub.key)
        if given is None or not (given.answer or given.text):
            continue
        option = sub.option(given.answer) if given.answer else None
        favourability = scoring.ANSWER_KINDS[sub.kind].favourability(given.answer)
        mark = presentation.mark_state(favourability)
        yield SubLine(sub.label, sub.wording, option.label if option else "", mark, given.text)


def _evidence(each):
    return EvidenceLine(each.document_name, each.document_pk, each.is_removed, each.page, each.quote)


def _questions(each):
    for question in each.questions:
        criterion = each.sheet.criterion(question.key)
        sub = criterion.sub(question.sub) if question.sub else None
        label = f"{sub.label} {criterion.short_title}" if sub else f"{criterion.number} {criterion.short_title}"
        yield QuestionLine(label, sub.wording if sub else criterion.wording, question.text)
