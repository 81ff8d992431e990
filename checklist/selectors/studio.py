"""What the studio works on: a version, draft or published, as the values that a file of it would hold."""

from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from checklist import scoring
from checklist.answer_kinds import ANSWER_KINDS
from checklist.enums import VersionState
from checklist.instrument_content import (
    AnswerText,
    CriterionText,
    DomainText,
    InstrumentFile,
    SubText,
    TranslatedText,
)
from checklist.models import InstrumentVersion
from checklist.specs import InstrumentScope
from checklist.tidying import tidy_lines, tidy_text


def file_of(version):
    """The content of a version as an InstrumentFile, of a half-made draft too. Six queries at most.

    Nothing is checked: empty texts, unknown codes and rules that do not fit are handed on as they
    are. Only a code that no enumeration knows is replaced by the first one of it.
    """
    criteria = (
        version.criteria.select_related("domain").prefetch_related("sub_questions", "levels").order_by("position", "pk")
    )
    content = InstrumentFile(
        slug=version.instrument.slug,
        version=version.number,
        language=version.language,
        result_kind=_member(scoring.ResultKind, version.result_kind),
        applies_to=_member(InstrumentScope, version.applies_to),
        is_default=version.instrument.is_default,
        title=tidy_text(version.title),
        short_title=tidy_text(version.short_title),
        source=tidy_text(version.source),
        introduction=tidy_text(version.introduction),
        interpretation_note=tidy_text(version.interpretation_note),
        change_note=tidy_text(version.change_note),
        domains=tuple(
            DomainText(domain.key, tidy_text(domain.title)) for domain in version.domains.order_by("position", "pk")
        ),
        criteria=tuple(_criterion(criterion) for criterion in criteria),
        translations=(),
    )
    return content.with_translations(
        TranslatedText(row.language, row.path, tidy_text(row.text), row.is_official)
        for row in version.translations.all()
    )


def _criterion(criterion):
    subs = sorted(criterion.sub_questions.all(), key=lambda sub: (sub.position, sub.pk))
    kind = ANSWER_KINDS.get(criterion.kind)
    order = [option.code for option in kind.options] if kind else []
    # Answers that the kind does not have come last, where the checker finds them.
    levels = sorted(
        criterion.levels.all(),
        key=lambda level: (order.index(level.code) if level.code in order else len(order), level.position, level.code),
    )
    return CriterionText(
        key=criterion.key,
        number=tidy_text(criterion.number),
        domain=criterion.domain.key if criterion.domain else "",
        title=tidy_text(criterion.short_title),
        wording=tidy_text(criterion.wording),
        guidance=tidy_text(criterion.guidance),
        look_for=tidy_lines(criterion.look_for),
        warning_signs=tidy_lines(criterion.warning_signs),
        spec=_spec(criterion, subs),
        subs=tuple(SubText(sub.key, sub.kind, tidy_text(sub.wording), tidy_text(sub.hint)) for sub in subs),
        answers=tuple(
            AnswerText(level.code, tidy_text(level.label), tidy_text(level.descriptor))
            for level in levels
            if level.label.strip() or level.descriptor.strip()
        ),
    )


def _spec(criterion, subs):
    scope = tuple(key.strip() for key in criterion.critical_scope.split(",") if key.strip())
    return scoring.ItemSpec(
        key=criterion.key,
        kind=criterion.kind,
        polarity=_member(scoring.Polarity, criterion.polarity),
        weight=Fraction(criterion.weight),
        reason_rule=criterion.reason_rule,
        critical=scoring.CriticalRule(
            _member(scoring.CriticalMode, criterion.critical_rule),
            _member(scoring.CriticalCondition, criterion.critical_condition),
            scope,
        ),
        combining=criterion.combining or None,
        subs=tuple(scoring.SubSpec(sub.key, sub.kind) for sub in subs),
        about_harm=criterion.about_harm,
    )


def _member(enumeration: type[StrEnum], code: str) -> StrEnum:
    return enumeration(code) if code in set(enumeration) else next(iter(enumeration))


@dataclass(frozen=True)
class ImportPlace:
    """What a file becomes: version `number` of an instrument.

    `newest` is its newest version, None for a new instrument; `draft` one that is being written,
    which stands in the way; `is_same` says that the newest version says the same already.
    """

    number: int
    newest: InstrumentVersion | None
    draft: InstrumentVersion | None
    is_same: bool


def next_version_of(content):
    """Where an InstrumentFile belongs. Two queries at most besides those of `file_of`."""
    versions = list(
        InstrumentVersion.objects.select_related("instrument").filter(instrument__slug=content.slug).order_by("-number")
    )
    newest = versions[0] if versions else None
    draft = next((version for version in versions if version.state == VersionState.DRAFT), None)
    is_same = newest is not None and replace(file_of(newest), version=content.version) == content
    return ImportPlace(newest.number + 1 if newest else 1, newest, draft, is_same)
