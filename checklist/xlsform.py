"""An instrument as an XLSForm, so that a field team can answer it offline in KoboToolbox or ODK. No database.

Which questions are shown and which need words is worked out by asking the rule tables about every
possible answer, so that form and application agree. What they cannot say in one question, that the
item must not be better than its sub-questions allow, stands in the hint; the application checks it
when the answers are typed in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import override

from checklist import scoring
from checklist.answer_kinds import ANSWER_KINDS, STATES
from checklist.combining import COMBINING_RULES
from checklist.item_rules import REASON_RULES, needs_reason
from checklist.languages import language_name
from checklist.specs import ItemAnswer, RoundContext, Stage
from screening.tabular import write_sheets

# Conditions of critical rules are taken to hold: a field team cannot know them all.
STRICTEST = RoundContext(Stage.FULL, direct_contact=True)
SURVEY_COLUMNS = ("type", "name", "required", "relevant", "constraint", "appearance")
SURVEY_TEXTS = ("label", "hint", "required_message", "constraint_message")

# A text in each language of the form: called with a language, in which it is translated.
Text = Callable[[str], str]
Row = dict[str, object]


def write_xlsform(content):
    """The XLSForm of an InstrumentFile, in an open temporary file that vanishes when it is closed."""
    return write_sheets((title, columns, rows) for title, columns, rows in xlsform_sheets(content))


def xlsform_sheets(content):
    """(title, columns, rows) of survey, choices and settings."""
    form = _Form(content)
    form.ask_who()
    for key, criteria in _by_domain(content.criteria):
        if key:
            title = form.text(f"domains/{key}/title")
            form.add("begin_group", form.name(f"d_{key}"), label=title)
        for criterion in criteria:
            _Criterion(form, criterion).ask()
        if key:
            form.add("end_group", "")
    names = {language: f"{language_name(language)} ({language})" for language in form.languages}
    survey = [*SURVEY_COLUMNS, *(f"{text}::{name}" for text in SURVEY_TEXTS for name in names.values())]
    choices = ["list_name", "name", *(f"label::{name}" for name in names.values())]
    setup = ["form_title", "form_id", "version", "default_language", "style"]
    form_id = f"{content.slug.replace('-', '_')}_v{content.version}"
    values = [_plain(content.title), form_id, str(content.version), names[content.language], "pages"]
    return [
        ("survey", survey, [form.filled(row, SURVEY_COLUMNS, SURVEY_TEXTS) for row in form.survey]),
        ("choices", choices, [form.filled(row, ("list_name", "name"), ("label",)) for row in form.choices]),
        ("settings", setup, [values]),
    ]


def _by_domain(criteria) -> Iterable[tuple[str, list]]:
    """Criteria that follow each other under one heading."""
    groups: list[tuple[str, list]] = []
    for criterion in criteria:
        if not groups or groups[-1][0] != criterion.domain:
            groups.append((criterion.domain, []))
        groups[-1][1].append(criterion)
    return groups


def _plain(text):
    """A text in which an XLSForm sees no reference to a question."""
    return text.replace("${", "$ {")


@dataclass
class _Form:
    """The rows of a form as they are put together."""

    content: object
    survey: list[Row] = field(default_factory=list)
    choices: list[Row] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    lists: dict[tuple, str] = field(default_factory=dict)

    def __post_init__(self):
        content = self.content
        others = {each.language for each in content.translations} - {content.language}
        self.languages = (content.language, *sorted(others))
        self._texts = {(content.language, path): text for path, text in content.texts()}
        self._texts |= {(each.language, each.path): each.text for each in content.translations}

    def in_language(self, language, path):
        """A text of the instrument in a language, else in the original, else ""."""
        return self._texts.get((language, path)) or self._texts.get((self.content.language, path), "")

    def text(self, path) -> Text:
        """The text at a path of the instrument."""
        return lambda language: self.in_language(language, path)

    def name(self, wanted):
        """A name that no other question has, of letters, digits and underscores."""
        base = name = re.sub(r"\W", "_", wanted, flags=re.ASCII)
        number = 1
        while name.casefold() in self.taken:
            number += 1
            name = f"{base}_{number}"
        self.taken.add(name.casefold())
        return name

    def add(self, kind, name, **values):
        """Add a question; texts are functions of the language."""
        self.survey.append({"type": kind, "name": name, **values})

    def list_of(self, options: Sequence[tuple[str, Text]]):
        """The name of the list with these answers; lists that read the same are written once."""
        labels = tuple((code, *(self.said(label, language) for language in self.languages)) for code, label in options)
        if labels not in self.lists:
            self.lists[labels] = f"answers_{len(self.lists) + 1}"
            for code, label in options:
                self.choices.append({"list_name": self.lists[labels], "name": code, "label": label})
        return self.lists[labels]

    def said(self, text: Text, language):
        """The text in one language."""
        with override(language):
            return _plain(text(language))

    def filled(self, row, columns, texts):
        """One row of a sheet with all its columns."""
        cells = [row.get(column, "") for column in columns]
        for name in texts:
            text = row.get(name)
            cells += [self.said(text, language) if text else "" for language in self.languages]
        return cells

    def ask_who(self):
        """The first page: what is judged, by whom, by which instrument."""
        self.add("start", self.name("start"))
        self.add("end", self.name("end"))
        self.add("begin_group", self.name("cover"), label=self.text("title"), appearance="field-list")
        self.add("note", self.name("about"), label=lambda language: _about(self, language))
        self.add("text", self.name("proposal"), required="yes", label=lambda _l: _("Reference of the proposal"))
        self.add("text", self.name("reviewer"), required="yes", label=lambda _l: _("Your name"))
        self.add("date", self.name("assessed_on"), required="yes", label=lambda _l: _("Date"))
        self.add("end_group", "")


def _about(form, language):
    content = form.content
    parts = [
        form.in_language(language, "introduction"),
        _("Source: %(source)s") % {"source": content.source},
        form.in_language(language, "interpretation_note"),
        _("Version %(number)s") % {"number": content.version},
    ]
    return "\n\n".join(part for part in parts if part)


class _Criterion:
    """One criterion as a page of questions: sub-questions, answer, reason, evidence."""

    def __init__(self, form, criterion):
        self.form, self.criterion, self.spec = form, criterion, criterion.spec
        self.path = f"criteria/{criterion.key}"
        self.item = form.name(f"c_{criterion.key}")
        self.reason = form.name(f"{self.item}_reason")
        self.subs = {sub.key: form.name(f"{self.item}_{sub.key}") for sub in criterion.subs}
        self.rule = COMBINING_RULES[self.spec.combining] if self.spec.combining else None

    def ask(self):
        """Add the page."""
        form = self.form
        form.add("begin_group", form.name(f"{self.item}_page"), label=self._title, appearance="field-list")
        if self.criterion.subs and not self.rule.is_beside:
            form.add("note", form.name(f"{self.item}_question"), label=self._wording, hint=self._guidance)
            self._ask_subs()
            self._ask_item(label=self._answer_to, hint=self._rule_sentence)
        else:
            self._ask_item(label=self._wording, hint=self._guidance)
            self._ask_subs()
        self._ask_reason()
        form.add("text", form.name(f"{self.item}_evidence"), label=self._evidence, appearance="multiline")
        form.add("end_group", "")

    # -- texts -----------------------------------------------------------------------------

    def _text(self, language, name):
        return self.form.in_language(language, f"{self.path}/{name}")

    def _title(self, language):
        return f"{self.criterion.number}. {self._text(language, 'short_title')}"

    def _wording(self, language):
        return f"{self.criterion.number}. {self._text(language, 'wording')}"

    def _answer_to(self, language):
        return _("%(question)s: your answer to the whole question") % {"question": self._title(language)}

    def _rule_sentence(self, language):
        return _(self.rule.sentence)

    def _evidence(self, language):
        return _("Evidence for %(number)s: document, page, quotation") % {"number": self.criterion.number}

    def _guidance(self, language):
        parts = [self._text(language, "guidance")]
        for name, heading in (("look_for", _("What to look for")), ("warning_signs", _("Warning signs"))):
            lines = [line for line in self._text(language, name).split("\n") if line]
            if lines:
                parts.append("\n".join([f"{heading}:", *(f"• {line}" for line in lines)]))
        return "\n\n".join(part for part in parts if part)

    def _option(self, option) -> Text:
        """Label and descriptor of an answer; levels carry their number."""
        place = f"{self.path}/levels/{option.code}"

        def label(language):
            words = self.form.in_language(language, f"{place}/label") or _(option.label)
            if self.spec.answer_kind.is_level and not option.is_state:
                words = f"{option.code} – {words}"
            descriptor = self.form.in_language(language, f"{place}/descriptor")
            return f"{words}: {descriptor}" if descriptor else words

        return label

    # -- questions -------------------------------------------------------------------------

    def _ask_item(self, label, hint):
        options = self.form.list_of([(option.code, self._option(option)) for option in self.spec.answer_kind.options])
        self.form.add(f"select_one {options}", self.item, required="yes", label=label, hint=hint)

    def _ask_reason(self):
        """The words beside the answer; needed where the rules need them for the answer given."""
        needing = [
            option.code
            for option in self.spec.answer_kind.options
            if needs_reason(self.spec, ItemAnswer(option.code), STRICTEST)
        ]
        self.form.add(
            "text",
            self.reason,
            required=_one_of(self.item, needing),
            appearance="multiline",
            label=lambda _l: _("Reason for your answer to %(number)s") % {"number": self.criterion.number},
            hint=lambda _l: _(REASON_RULES[self.spec.reason_rule].sentence),
            required_message=lambda _l: _("This answer needs a reason."),
        )

    def _ask_subs(self):
        for sub in self.criterion.subs:
            kind = ANSWER_KINDS[sub.kind]
            name, place = self.subs[sub.key], f"{self.path}/sub/{sub.key}"
            texts = {"label": self._sub_label(sub, place), "hint": self.form.text(f"{place}/hint")}
            if kind.is_percent:
                limits = {"constraint": ". >= 0 and . <= 100", "constraint_message": _percent_message}
                self.form.add("decimal", name, relevant=self._relevant(sub.key), **texts, **limits)
                continue
            labels = [(option.code, _said_of(option)) for option in kind.options]
            values = {"required": self._sub_required(), "relevant": self._relevant(sub.key)}
            self.form.add(f"select_one {self.form.list_of(labels)}", name, **values, **texts)
            self._ask_sub_words(sub, kind)

    def _ask_sub_words(self, sub, kind):
        """Words beside a sub-answer: where the option asks for them, and for a state without a reason below."""
        name = self.subs[sub.key]
        always = [option.code for option in kind.options if option.needs_text]
        states = [option.code for option in kind.options if option.code in STATES]
        needed = [f"({_one_of(name, always)})"] if always else []
        needed += [f"(({_one_of(name, states)}) and string-length(${{{self.reason}}}) = 0)"] if states else []
        label = f"{self.criterion.number}{sub.key}"
        self.form.add(
            "text",
            self.form.name(f"{name}_words"),
            relevant=_one_of(name, [*always, *states]),
            required=" or ".join(needed),
            appearance="multiline",
            label=lambda _l: _("In words, for %(question)s") % {"question": label},
        )

    def _sub_label(self, sub, place) -> Text:
        return lambda language: (
            f"{self.criterion.number}{sub.key}. {self.form.in_language(language, f'{place}/wording')}"
        )

    def _relevant(self, key):
        """Shown unless another sub-answer makes it pointless; for what stands beside: unless there is nothing to say."""
        conditions = []
        for other in self.criterion.subs:
            codes = [
                option.code
                for option in ANSWER_KINDS[other.kind].options
                if key in self.rule.moot({other.key: option.code})
            ]
            if codes and other.key != key:
                conditions.append(_one_of(self.subs[other.key], codes))
        return f"not({' or '.join(conditions)})" if conditions else ""

    def _sub_required(self):
        """Needed as in the full form: unless the item does not apply, or nothing more is asked."""
        spec = self.spec
        if self.rule.is_beside:
            quiet = [
                option.code
                for option in spec.answer_kind.options
                if option.is_state
                or spec.answer_kind.favourability(option.code, spec.polarity) is scoring.Favourability.ADVERSE
            ]
        else:
            quiet = [option.code for option in spec.answer_kind.options if option.code == scoring.NA]
        return f"not({_one_of(self.item, quiet)})" if quiet else "yes"


def _percent_message(_language):
    return _("A number from 0 to 100.")


def _said_of(option) -> Text:
    return lambda _language: _(option.label)


def _one_of(name, codes):
    """The expression that an answer is one of these; "" for none."""
    return " or ".join(f"${{{name}}} = '{code}'" for code in codes)
