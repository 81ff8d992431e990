"""One instrument as a scorecard shows it, in words and marks. Nothing is summed here."""

from __future__ import annotations

from django.utils.translation import gettext as _

from checklist import presentation, scoring
from checklist.languages import language_name
from checklist.scorecard import EvidenceLine, ItemLine, Part, SubLine
from screening import svg

NO_SUMS = dict.fromkeys(("share", "low", "high", "share_percent", "low_percent", "high_percent"))


def part_of(each):
    """One instrument as the scorecard shows it; of a trial too."""
    result, sheet = each.result, each.sheet
    criticals = {critical.key: critical for critical in result.criticals}
    flags = {flag.key: flag.code for flag in getattr(result, "flags", ())}
    items = tuple(
        _line(criterion, result.item(criterion.key), each.stored.get(criterion.key), criticals, flags)
        for criterion in sheet.criteria
    )
    kinds = {criterion.spec.answer_kind.is_level for criterion in sheet.criteria}
    return Part(
        slug=sheet.slug,
        version=sheet.number,
        title=sheet.title,
        short_title=sheet.short_title,
        introduction=sheet.introduction,
        source=sheet.source,
        interpretation_note=sheet.interpretation_note,
        kind=each.spec.result_kind.value,
        is_profile=sheet.is_profile,
        level_words=_level_words(sheet) if kinds == {True} else (),
        items=items,
        judged=result.judged,
        applicable=result.applicable,
        total=result.total,
        formula=presentation.formula_sentences(each.spec, result),
        language_sentence=_language_sentence(sheet),
        **_sums(result, items),
    )


def _language_sentence(sheet):
    """In which language the reviewer read the questions; a translation says whether it is official."""
    if sheet.is_translated and sheet.language != sheet.original_language:
        words = {"language": language_name(sheet.language), "original": language_name(sheet.original_language)}
        if sheet.is_official:
            return _("Language of the questions: %(language)s, official translation from: %(original)s.") % words
        return (
            _(
                "Language of the questions: %(language)s, unofficial translation from: %(original)s. "
                "The original wording counts."
            )
            % words
        )
    return _("Language of the questions: %(language)s, the original.") % {
        "language": language_name(sheet.original_language)
    }


def _level_words(sheet):
    """The words of the scale from the lowest level on, as the first criterion has them."""
    return tuple(option.label for option in sheet.criteria[0].options if not option.is_state)


def _sums(result, items):
    if isinstance(result, scoring.ChecklistResult):
        return _share_sums(result)
    sentences = {
        scoring.FlagsResult: presentation.flags_sentence,
        scoring.CoverageResult: presentation.coverage_sentence,
        scoring.ProfileResult: presentation.judged_sentence,
    }
    counts = {(item.mark, item.finding): 0 for item in items if item.mark != "level"}
    for item in items:
        if item.mark != "level":
            counts[item.mark, item.finding] += 1
    in_order = sorted(counts.items(), key=lambda row: svg.STATES.index(row[0][0]))
    return {
        **NO_SUMS,
        "counts": tuple((mark, word, count) for (mark, word), count in in_order),
        "sentence": sentences[type(result)](result),
        "range_sentence": "",
        "remark": presentation.budget_text(result) if isinstance(result, scoring.CoverageResult) else "",
    }


def _share_sums(result):
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


def _line(criterion, result, stored, criticals, flags):
    critical = criticals.get(criterion.key)
    option = criterion.option(result.answer) if result.answer else None
    derived = _derived(criterion, result)
    level = getattr(result, "level", None)
    mark = "level" if level is not None else presentation.mark_state(result.mark)
    return ItemLine(
        key=criterion.key,
        number=criterion.number,
        short_title=criterion.short_title,
        wording=criterion.wording,
        mark=mark,
        level=level,
        finding=presentation.finding(criterion, result.answer, mark),
        code=result.answer or "",
        answer=option.label if option else "",
        descriptor=option.descriptor if option else "",
        is_derived=bool(result.answer and not result.raw),
        derived=derived.label if derived else "",
        rationale=stored.answer.rationale if stored else "",
        subs=tuple(_subs(criterion, stored)) if stored else (),
        evidence=tuple(_evidence(each) for each in stored.evidence) if stored else (),
        critical=critical.reason_key if critical else "",
        critical_text=presentation.critical_text(critical) if critical else "",
        flag=presentation.flag_text(flags[criterion.key]) if criterion.key in flags else "",
        grade=presentation.GRADES[result.grade] if hasattr(result, "grade") else "",
        is_harm=criterion.spec.about_harm and _is_adverse(criterion, result),
        budget_share=presentation.exact_percent(getattr(result, "budget_share", None)),
    )


def _derived(criterion, result):
    """What the sub-questions give where the reviewer answered otherwise; of shares only."""
    derived = getattr(result, "derived", None)
    return criterion.option(derived) if derived and result.raw and derived != result.raw else None


def _is_adverse(criterion, result):
    spec = criterion.spec
    return spec.answer_kind.favourability(result.answer, spec.polarity) is scoring.Favourability.ADVERSE


def _subs(criterion, stored):
    for sub in criterion.subs:
        given = stored.answer.subs.get(sub.key)
        if given is None or not (given.answer or given.text):
            continue
        option = sub.option(given.answer) if given.answer else None
        mark = scoring.ANSWER_KINDS[sub.kind].mark(given.answer)
        shown = presentation.mark_state(mark) if mark else ""
        yield SubLine(sub.label, sub.wording, option.label if option else "", shown, given.text)


def _evidence(each):
    return EvidenceLine(each.document_name, each.document_pk, each.is_removed, each.page, each.quote)
