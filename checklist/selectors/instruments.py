"""A version of an instrument, ready to show and to score: the sheet.

A published version never changes, so its sheets are kept in memory per process; a draft is
read anew each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import override

from checklist import scoring
from checklist.enums import InstrumentScope, VersionState
from checklist.models import CrossWalk, InstrumentVersion, RoundCriticalRule, RoundInstrument
from proposals.enums import FourP, TagVocabulary


@dataclass(frozen=True)
class OptionText:
    """One answer that can be chosen, as it is shown."""

    code: str
    label: str
    descriptor: str
    is_state: bool


@dataclass(frozen=True)
class SubText:
    """One sub-question as it is shown; `label` is "2a"."""

    pk: int
    key: str
    label: str
    wording: str
    hint: str
    kind: str
    options: tuple[OptionText, ...]

    @property
    def is_percent(self):
        return scoring.ANSWER_KINDS[self.kind].is_percent

    def option(self, code):
        """The option with this code, or None; a number that was typed is one too."""
        if self.is_percent and code:
            return OptionText(code, _("%(number)s %%") % {"number": code}, "", False)
        return next((option for option in self.options if option.code == code), None)


@dataclass(frozen=True)
class CriterionText:
    """One criterion as it is shown, beside the `spec` by which it is scored."""

    pk: int
    key: str
    number: str
    short_title: str
    wording: str
    guidance: str
    look_for: tuple[str, ...]
    warning_signs: tuple[str, ...]
    domain: str
    options: tuple[OptionText, ...]
    subs: tuple[SubText, ...]
    spec: scoring.ItemSpec

    def option(self, code):
        """The option with this code, or None."""
        return next((option for option in self.options if option.code == code), None)

    def sub(self, key):
        """The sub-question with this key, or None."""
        return next((sub for sub in self.subs if sub.key == key), None)


@dataclass(frozen=True)
class Sheet:
    """One version in one language. `language` is the one asked for; `is_translated` says whether
    it has texts in it, `is_official` whether the translation is the source's own."""

    pk: int
    slug: str
    number: int
    title: str
    short_title: str
    introduction: str
    source: str
    interpretation_note: str
    change_note: str
    language: str
    original_language: str
    is_translated: bool
    is_official: bool
    criteria: tuple[CriterionText, ...]
    spec: scoring.InstrumentSpec

    @property
    def is_profile(self):
        return self.spec.result_kind is scoring.ResultKind.PROFILE

    def criterion(self, key):
        """The criterion with this key; KeyError when there is none."""
        for criterion in self.criteria:
            if criterion.key == key:
                return criterion
        raise KeyError(key)


_SHEETS: dict[tuple[int, str], Sheet] = {}


def clear_cache():
    """Forget the kept sheets; for tests, whose databases start anew with the same ids."""
    _SHEETS.clear()


def sheet(version_pk, language="en"):
    """The sheet of one version; texts without a translation are in the original language.

    No query when the sheet of a published version is in memory, else five.
    """
    key = (version_pk, language)
    if key not in _SHEETS:
        version = InstrumentVersion.objects.select_related("instrument").get(pk=version_pk)
        built = _build(version, language)
        if version.state == VersionState.DRAFT:
            return built
        _SHEETS[key] = built
    return _SHEETS[key]


def pinned_versions(round_):
    """Ids of the versions the round judges by, in their order."""
    pins = RoundInstrument.objects.filter(round=round_).order_by("position", "pk")
    return list(pins.values_list("version_id", flat=True))


def versions_for(proposal):
    """Ids of the versions by which an assessment of this proposal begins, in the order of its round.

    What is for prevention proposals only is left out where the proposal is known to serve other Ps.
    Where nobody has said which P it serves it stays, and the reviewer may answer "not applicable".
    """
    pins = RoundInstrument.objects.filter(round_id=proposal.round_id).order_by("position", "pk")
    rows = list(pins.values_list("version_id", "version__applies_to"))
    if all(scope == InstrumentScope.ALL for _pk, scope in rows):
        return [pk for pk, _scope in rows]
    tags = proposal.tags.filter(vocabulary=TagVocabulary.FOUR_P)
    served = set(tags.values_list("code", flat=True))
    is_left_out = bool(served) and FourP.PREVENTION not in served
    return [pk for pk, scope in rows if not (is_left_out and scope == InstrumentScope.PREVENTION)]


def critical_modes(round_):
    """The round's own critical rules: {version id: {criterion key: CriticalMode}}. One query."""
    return critical_modes_by_round([round_.pk]).get(round_.pk, {})


def critical_modes_by_round(round_pks):
    """{round id: what `critical_modes` says of it}. One query for all of them."""
    modes: dict[int, dict[int, dict[str, scoring.CriticalMode]]] = {}
    rows = RoundCriticalRule.objects.filter(round_id__in=set(round_pks))
    for round_pk, version_pk, key, rule in rows.values_list(
        "round_id", "criterion__version_id", "criterion__key", "rule"
    ):
        modes.setdefault(round_pk, {}).setdefault(version_pk, {})[key] = scoring.CriticalMode(rule)
    return modes


def cross_walk():
    """Every row of the cross-walk between instruments, in a stable order. One query."""
    rows = CrossWalk.objects.order_by("pk").values_list(
        "from_instrument__slug", "from_key", "to_instrument__slug", "to_key", "strength"
    )
    return tuple(scoring.CrossWalkRow(*row[:4], scoring.Strength(row[4])) for row in rows)


def _build(version, language):
    texts = _Texts(version, language)
    criteria = (
        version.criteria.select_related("domain").prefetch_related("sub_questions", "levels").order_by("position", "pk")
    )
    with override(language):
        built = tuple(_criterion(criterion, texts) for criterion in criteria)
    spec = scoring.InstrumentSpec(
        slug=version.instrument.slug,
        result_kind=scoring.ResultKind(version.result_kind),
        items=tuple(criterion.spec for criterion in built),
        version=version.number,
    )
    return Sheet(
        pk=version.pk,
        slug=version.instrument.slug,
        number=version.number,
        title=texts("title", version.title),
        short_title=texts("short_title", version.short_title),
        introduction=texts("introduction", version.introduction),
        source=version.source,
        interpretation_note=texts("interpretation_note", version.interpretation_note),
        change_note=version.change_note,
        language=language,
        original_language=version.language,
        is_translated=texts.is_translated,
        is_official=texts.is_official,
        criteria=built,
        spec=spec,
    )


class _Texts:
    """Looks a text up by its path, falling back to the original."""

    def __init__(self, version, language):
        rows = list(version.translations.filter(language=language)) if language != version.language else []
        self._by_path = {row.path: row.text for row in rows}
        self.is_translated = bool(rows)
        self.is_official = all(row.is_official for row in rows)

    def __call__(self, path, original):
        return self._by_path.get(path) or original


def _criterion(criterion, texts):
    path = f"criteria/{criterion.key}"
    kind = scoring.ANSWER_KINDS[criterion.kind]
    levels = {level.code: level for level in criterion.levels.all()}
    subs = sorted(criterion.sub_questions.all(), key=lambda sub: (sub.position, sub.pk))
    return CriterionText(
        pk=criterion.pk,
        key=criterion.key,
        number=criterion.number,
        short_title=texts(f"{path}/short_title", criterion.short_title),
        wording=texts(f"{path}/wording", criterion.wording),
        guidance=texts(f"{path}/guidance", criterion.guidance),
        look_for=_lines(texts(f"{path}/look_for", criterion.look_for)),
        warning_signs=_lines(texts(f"{path}/warning_signs", criterion.warning_signs)),
        domain=texts(f"domains/{criterion.domain.key}/title", criterion.domain.title) if criterion.domain else "",
        options=tuple(
            _option(option, levels.get(option.code), f"{path}/levels/{option.code}", texts) for option in kind.options
        ),
        subs=tuple(_sub(sub, criterion, f"{path}/sub/{sub.key}", texts) for sub in subs),
        spec=spec_of_criterion(criterion, subs),
    )


def _option(option, level, path, texts):
    label = texts(f"{path}/label", level.label if level else "") or _(option.label)
    return OptionText(
        option.code, label, texts(f"{path}/descriptor", level.descriptor if level else ""), option.is_state
    )


def _sub(sub, criterion, path, texts):
    options = scoring.ANSWER_KINDS[sub.kind].options
    return SubText(
        pk=sub.pk,
        key=sub.key,
        label=f"{criterion.number}{sub.key}",
        wording=texts(f"{path}/wording", sub.wording),
        hint=texts(f"{path}/hint", sub.hint),
        kind=sub.kind,
        options=tuple(OptionText(option.code, _(option.label), "", option.is_state) for option in options),
    )


def spec_of_criterion(criterion, subs):
    """A criterion as the scoring sees it; `subs` are its sub-questions in their order."""
    scope = tuple(key.strip() for key in criterion.critical_scope.split(",") if key.strip())
    return scoring.ItemSpec(
        key=criterion.key,
        kind=criterion.kind,
        polarity=scoring.Polarity(criterion.polarity),
        weight=Fraction(criterion.weight),
        reason_rule=criterion.reason_rule,
        critical=scoring.CriticalRule(
            scoring.CriticalMode(criterion.critical_rule),
            scoring.CriticalCondition(criterion.critical_condition),
            scope,
        ),
        combining=criterion.combining or None,
        subs=tuple(scoring.SubSpec(sub.key, sub.kind) for sub in subs),
        about_harm=criterion.about_harm,
    )


def _lines(text):
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def spec_for_round(version_sheet, modes):
    """The sheet's spec with the round's own critical rules (from `critical_modes`)."""
    return scoring.with_critical_modes(version_sheet.spec, modes.get(version_sheet.pk, {}))


def in_language(version_sheet, language):
    """The same version's sheet in another language."""
    return version_sheet if version_sheet.language == language else sheet(version_sheet.pk, language)


__all__ = [
    "CriterionText",
    "OptionText",
    "Sheet",
    "SubText",
    "clear_cache",
    "critical_modes",
    "critical_modes_by_round",
    "cross_walk",
    "in_language",
    "pinned_versions",
    "sheet",
    "spec_for_round",
    "spec_of_criterion",
    "versions_for",
]
