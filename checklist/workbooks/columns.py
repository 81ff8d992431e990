"""The sheets and columns of an instrument's workbook. Pure, no Django.

A column is named like the value in the instrument file, so that both have one explanation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from checklist.answer_kinds import ANSWER_KINDS
from checklist.combining import COMBINING_RULES
from checklist.item_rules import REASON_RULES
from checklist.marking import gettext_noop as _
from checklist.specs import CriticalCondition, CriticalMode, InstrumentScope, Polarity, ResultKind

INSTRUMENT, DOMAINS, CRITERIA = "Instrument", "Domains", "Criteria"
SUB_QUESTIONS, LEVELS, TEXTS = "Sub-questions", "Levels", "Texts in other languages"
HELP = "How to fill this in"

Codes = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Column:
    """One column, or one row of the sheet Instrument. `codes` are (code, what it means).

    `is_flag`: true or false. `is_only_shown`: written for the reader, and not read back.
    """

    name: str
    about: str = ""
    codes: Codes = ()
    is_required: bool = False
    is_flag: bool = False
    is_only_shown: bool = False

    @property
    def title(self) -> str:
        """The title in the workbook."""
        return self.name.replace("_", " ").capitalize()


def name_of(title: str) -> str:
    """The name that belongs to a title in a workbook."""
    return re.sub(r"\s+", "_", title.strip()).casefold()


def _kinds(for_subs: bool) -> Codes:
    return tuple((kind.code, kind.label) for kind in ANSWER_KINDS.values() if kind.for_sub_questions is for_subs)


FLAG: Codes = (("true", _("yes")), ("false", _("no")))
RESULTS: Codes = (
    (ResultKind.SHARE.value, _("Share of favourable answers")),
    (ResultKind.PROFILE.value, _("Profile, item by item")),
    (ResultKind.FLAGS.value, _("List of flags")),
    (ResultKind.COVERAGE.value, _("What is covered")),
)
SCOPES: Codes = (
    (InstrumentScope.ALL.value, _("All proposals")),
    (InstrumentScope.PREVENTION.value, _("Prevention proposals only")),
)
POLARITIES: Codes = (
    (Polarity.YES_IS_GOOD.value, _("Yes is favourable")),
    (Polarity.YES_IS_BAD.value, _("Yes is adverse")),
)
MODES: Codes = (
    (CriticalMode.NONE.value, _("None")),
    (CriticalMode.EXPLAIN.value, _("Needs an explanation to go on")),
    (CriticalMode.BLOCK.value, _("Blocks a recommendation unless overridden in writing")),
)
CONDITIONS: Codes = (
    (CriticalCondition.ALWAYS.value, _("Always")),
    (CriticalCondition.FULL_PROPOSAL_STAGE.value, _("For full proposals")),
    (CriticalCondition.DIRECT_CONTACT_WITH_VICTIMS.value, _("Where the project has direct contact with victims")),
)

FIELDS = (
    Column("format", _("Leave this as it is."), is_required=True),
    Column("slug", _("Stable short name over all versions: small letters, digits and hyphens."), is_required=True),
    Column("version", _("A whole number from 1. A published version never changes."), is_required=True),
    Column("language", _("Code of the language of the original texts, such as en."), is_required=True),
    Column("result", _("What the answers come to."), RESULTS, is_required=True),
    Column("applies_to", _("Which proposals it is for; all if empty."), SCOPES),
    Column("default", _("Offered first when a round is set up; false if empty."), FLAG, is_flag=True),
    Column("title", is_required=True),
    Column("short_title", _("On tabs and in tables."), is_required=True),
    Column("source", _("Full citation."), is_required=True),
    Column("introduction", _("Quoted from the source.")),
    Column("interpretation_note", _("What in this version is not from the source.")),
    Column("change_note", _("What changed since the version before.")),
)
FIELD_COLUMNS = (
    Column("field", is_required=True),
    Column("value", is_required=True),
    Column("what_it_is", is_only_shown=True),
)
DOMAIN_COLUMNS = (Column("key", is_required=True), Column("title", _("A heading over criteria."), is_required=True))
CRITERION_COLUMNS = (
    Column("key", _("Stable over versions; letters and digits."), is_required=True),
    Column("number", _("As printed; the key if empty.")),
    Column("domain", _("Key of a row in Domains, or empty.")),
    Column("title", _("Short name."), is_required=True),
    Column("wording", _("The question as printed in the source."), is_required=True),
    Column("guidance"),
    Column("look_for", _("One hint per line (Alt+Enter begins a new line).")),
    Column("warning_signs", _("One per line.")),
    Column("kind", _("How it is answered."), _kinds(for_subs=False), is_required=True),
    Column("polarity", _("Which answer is favourable; yes_is_good if empty."), POLARITIES),
    Column("weight", _("A number from 0; 1 if empty.")),
    Column(
        "reasons",
        _("When a reason is required."),
        tuple((rule.code, rule.sentence) for rule in REASON_RULES.values()),
        is_required=True,
    ),
    Column("critical_rule", _("What an adverse answer does; none if empty."), MODES),
    Column("critical_when", _("When the critical rule holds; always if empty."), CONDITIONS),
    Column("critical_scope", _("Keys of the sub-questions it looks at, such as a, b; empty: the whole item.")),
    Column("about_harm", _("Harm to people stands above any score; false if empty."), FLAG, is_flag=True),
    Column(
        "combining",
        _("How sub-questions give the answer; only with sub-questions."),
        tuple((rule.code, rule.sentence) for rule in COMBINING_RULES.values()),
    ),
)
SUB_COLUMNS = (
    Column("criterion", _("Key of a row in Criteria."), is_required=True),
    Column("key", _("a, b, c ..."), is_required=True),
    Column("kind", _("How it is answered."), _kinds(for_subs=True), is_required=True),
    Column("wording", is_required=True),
    Column("hint"),
)
LEVEL_COLUMNS = (
    Column("criterion", _("Key of a row in Criteria."), is_required=True),
    Column("code", _("Code of an answer of its kind."), is_required=True),
    Column("usual_label", _("What is shown when Label is empty. Not read back."), is_only_shown=True),
    Column("label", _("Own words for this answer, or empty.")),
    Column("descriptor", _("What it looks like when this is the answer.")),
)
TEXT_COLUMNS = (
    Column("place", _("Which text; leave this as it is."), is_required=True),
    Column("original", _("The text in the original language. Not read back."), is_only_shown=True),
)
OFFICIAL = "official"

TABLES: dict[str, tuple[Column, ...]] = {
    INSTRUMENT: FIELD_COLUMNS,
    DOMAINS: DOMAIN_COLUMNS,
    CRITERIA: CRITERION_COLUMNS,
    SUB_QUESTIONS: SUB_COLUMNS,
    LEVELS: LEVEL_COLUMNS,
    TEXTS: TEXT_COLUMNS,
}


def explained() -> Iterable[tuple[str, Column]]:
    """(sheet, column) of everything that the help sheet explains; for Instrument the rows are the columns."""
    yield from ((INSTRUMENT, field) for field in FIELDS)
    for sheet, columns in TABLES.items():
        if sheet != INSTRUMENT:
            yield from ((sheet, column) for column in columns)
