"""The fields of a draft as its pages show them: label, help, choices with a sentence each."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from checklist import fitting, paths, scoring
from checklist.actions.studio.values import as_text
from checklist.enums import CriticalCondition, CriticalRule, InstrumentScope, ResultKind
from checklist.languages import language_names
from checklist.selectors.draft_content import field_value
from checklist.selectors.instruments import spec_of_criterion

from . import field_words as words

LINE, TEXT, LIST, RADIO, SELECT, TICK, TICKS = "line", "text", "list", "radio", "select", "tick", "ticks"


@dataclass(frozen=True)
class Choice:
    """One value that may be chosen, with a sentence that says what it does."""

    value: str
    label: str
    sentence: str = ""
    is_chosen: bool = False


@dataclass(frozen=True)
class FieldView:
    """One place of a draft, ready to be shown. `reloads` says that other fields depend on it."""

    path: str
    value: str
    kind: str = LINE
    label: str = ""
    help: str = ""
    example: str = ""
    rows: int = 2
    choices: tuple[Choice, ...] = field(default=())
    reloads: bool = False
    lang: str = ""

    @property
    def anchor(self):
        return paths.anchor(self.path)

    @property
    def name(self):
        return f"v:{self.path}"

    @property
    def before_name(self):
        return f"b:{self.path}"


def _field(path, row, name, kind=LINE, **more):
    """The field of a row; its words come from `field_words`."""
    place = paths.parse(path)
    group = "sub" if place.sub else "criterion" if place.criterion else "domain" if place.domain else "version"
    label, help_text = words.FIELDS[group, name]
    return FieldView(path, as_text(field_value(row, name)), kind, str(label), str(help_text), **more)


def _choices(value, offered, sentences=None):
    """Choices out of (code, label); what stands there is always among them."""
    rows = dict(offered)
    if value and value not in rows:
        rows[value] = value
    found = (sentences or {}).get
    return tuple(Choice(code, str(label), str(found(code, "")), code == value) for code, label in rows.items())


def version_fields(version):
    """(heading, fields) of the instrument as a whole."""
    lang = version.language

    def make(name, kind=LINE, **more):
        return _field(name, version, name, kind, **more)

    about = [
        make("title", lang=lang),
        make("short_title", lang=lang),
        make("introduction", TEXT, rows=4, lang=lang),
        make("source", TEXT, rows=3, lang=lang),
        make("interpretation_note", TEXT, rows=3, lang=lang),
        make("change_note", TEXT, rows=2, lang=lang),
    ]
    results = [kind for kind in ResultKind if _fits_all(version, kind)]
    use = [
        make(
            "result_kind",
            RADIO,
            choices=_choices(version.result_kind, [(k.value, k.label) for k in results], words.RESULT_KINDS),
            reloads=True,
        ),
        make("applies_to", RADIO, choices=_choices(version.applies_to, InstrumentScope.choices)),
        make("language", SELECT, choices=_choices(lang, language_names().items())),
    ]
    return [(_("What it is"), about), (_("How it is used"), use)]


def _fits_all(version, kind):
    kinds = {each.kind for each in version.criteria.all()}
    return all(fitting.kind_fits(scoring.ANSWER_KINDS[each], scoring.ResultKind(kind.value)) for each in kinds)


def domain_fields(version):
    """(domain, its field) of every group."""
    return [
        (domain, _field(f"domains/{domain.key}/title", domain, "title", lang=version.language))
        for domain in version.domains.order_by("position", "pk")
    ]


class CriterionFields:
    """The parts of the page of one criterion. `criterion` is loaded with domain, sub_questions and levels."""

    def __init__(self, version, criterion):
        self.version, self.criterion = version, criterion
        self.subs = sorted(criterion.sub_questions.all(), key=lambda sub: (sub.position, sub.pk))
        self.spec = spec_of_criterion(criterion, self.subs)
        self.path = f"criteria/{criterion.key}"

    def _make(self, name, kind=LINE, **more):
        return _field(f"{self.path}/{name}", self.criterion, name, kind, **more)

    def _chosen(self, name, offered, sentences=None, kind=RADIO, **more):
        return self._make(name, kind, choices=_choices(getattr(self.criterion, name), offered, sentences), **more)

    @property
    def question(self):
        lang = self.version.language
        domains = [("", _("No group")), *self.version.domains.order_by("position", "pk").values_list("key", "title")]
        shown = [self._make("number"), self._make("short_title", lang=lang)]
        if len(domains) > 1:
            chosen = self.criterion.domain.key if self.criterion.domain else ""
            shown.append(self._make("domain", SELECT, choices=_choices(chosen, domains)))
        return [*shown, self._make("wording", TEXT, rows=3, lang=lang)]

    @property
    def help(self):
        lang = self.version.language
        return [
            self._make("guidance", TEXT, rows=3, lang=lang),
            self._make("look_for", LIST, rows=4, lang=lang),
            self._make("warning_signs", LIST, rows=4, lang=lang),
        ]

    @property
    def answers(self):
        result = scoring.ResultKind(self.version.result_kind)
        kinds = fitting.kinds_for(result)
        shown = [
            self._chosen(
                "kind",
                [(kind.code, _(kind.label)) for kind in kinds],
                {kind.code: words.kind_sentence(kind) for kind in kinds},
                reloads=True,
            )
        ]
        offered = fitting.polarities_for(self.spec.answer_kind)
        if len(offered) > 1:
            labels = [(each.value, words.POLARITIES[each.value][0]) for each in offered]
            sentences = {code: words.POLARITIES[code][1] for code, _label in labels}
            shown.append(self._chosen("polarity", labels, sentences))
        return shown

    @property
    def levels(self):
        """(option, label field, descriptor field) for every answer of the kind."""
        lang = self.version.language
        rows = {level.code: level for level in self.criterion.levels.all()}
        for option in self.spec.answer_kind.options:
            row, path = rows.get(option.code), f"{self.path}/levels/{option.code}"
            named = {"answer": _(option.label)}
            yield (
                _(option.label),
                FieldView(
                    f"{path}/label",
                    row.label if row else "",
                    label=_("Label of “%(answer)s”") % named,
                    help=_("Empty: %(answer)s") % named,
                    lang=lang,
                ),
                FieldView(
                    f"{path}/descriptor",
                    row.descriptor if row else "",
                    TEXT,
                    _("When “%(answer)s” is the right answer") % named,
                    lang=lang,
                ),
            )

    @property
    def rules(self):
        rules = fitting.reason_rules_for(self.spec.answer_kind)
        current = scoring.REASON_RULES[self.spec.reason_rule]
        offered = {rule.code: _(rule.sentence) for rule in (*rules, current)}
        shown = [self._chosen("reason_rule", offered.items())]
        if fitting.has_weight(self.spec.answer_kind) and self.version.result_kind == ResultKind.SHARE:
            shown.append(self._make("weight"))
        return [*shown, self._make("about_harm", TICK)]

    @property
    def critical(self):
        shown = [self._chosen("critical_rule", CriticalRule.choices, words.CRITICAL_RULES, reloads=True)]
        if self.criterion.critical_rule == CriticalRule.NONE:
            return shown
        shown.append(self._chosen("critical_condition", CriticalCondition.choices))
        if self.subs:
            chosen = self.spec.critical.scope
            parts = [(sub.key, f"{self.criterion.number}{sub.key}: {sub.wording}") for sub in self.subs]
            ticks = tuple(Choice(key, label, is_chosen=key in chosen) for key, label in parts)
            shown.append(self._make("critical_scope", TICKS, choices=ticks))
        return shown

    @property
    def combining(self):
        """How the sub-questions make the answer; None without any."""
        rules = fitting.combining_rules_for(self.spec)
        if not rules:
            return None
        labels = [(rule.code, words.combining_label(rule)) for rule in rules]
        sentences = {rule.code: _(rule.sentence) for rule in rules}
        example = words.combining_example(self.spec, self.criterion.number)
        return self._chosen("combining", labels, sentences, example=example, reloads=True)

    @property
    def parts(self):
        """(sub-question, its label, its fields) in their order."""
        lang = self.version.language
        for sub in self.subs:
            path = f"{self.path}/sub/{sub.key}"
            kinds = [(kind.code, words.sub_kind_label(kind)) for kind in fitting.kinds_of_sub(self.spec, sub.key)]
            yield (
                sub,
                f"{self.criterion.number}{sub.key}",
                [
                    _field(f"{path}/wording", sub, "wording", TEXT, lang=lang),
                    _field(f"{path}/hint", sub, "hint", TEXT, rows=1, lang=lang),
                    _field(f"{path}/kind", sub, "kind", SELECT, choices=_choices(sub.kind, kinds), reloads=True),
                ],
            )

    @property
    def may_have_parts(self):
        return bool(fitting.sub_kinds_for(self.spec))
