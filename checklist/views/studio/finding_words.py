"""The findings of the checker as sentences: what is found, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checklist.checking import Severity
from checklist.languages import language_name
from checklist.paths import NotAPlace, anchor, edit_url, title

FINDING_TEXTS = {
    # the version as a whole
    "title_missing": gettext_lazy("There is no text here. Reviewers need to know what they fill in."),
    "source_missing": gettext_lazy("No source is named. Say where the questions come from, or that they are your own."),
    "no_criteria": gettext_lazy("There is no item yet. Add at least one."),
    "domain_untitled": gettext_lazy("This group has no heading."),
    "domain_empty": gettext_lazy("No item belongs to the group “%(title)s”. Put one in, or remove the group."),
    "number_twice": gettext_lazy("Two items have the number %(number)s. Reviewers could not tell them apart."),
    # wording
    "wording_missing": gettext_lazy("The question has no wording yet."),
    "wording_twice": gettext_lazy("Item %(other)s asks the same in the same words."),
    "sub_wording_twice": gettext_lazy("Sub-question %(other)s asks the same in the same words."),
    "short_title_missing": gettext_lazy("There is no short title. Lists and reports show it instead of the question."),
    "sentence_long": gettext_lazy(
        "One sentence has %(words)s words. Up to %(most)s are easy to read; try two sentences, or move detail to the guidance."
    ),
    "wording_long": gettext_lazy("The text has %(words)s words. Up to %(most)s are easy to take in at once."),
    "two_questions": gettext_lazy(
        "Two questions stand in one item. A single answer cannot say which of them it is about: ask them as sub-questions."
    ),
    "double_barrelled": gettext_lazy(
        "“%(word)s” may join two things in one question. If they can be answered differently, ask them as sub-questions."
    ),
    # answers
    "kind_unknown": gettext_lazy("No kind of answer is chosen, or one that does not fit here."),
    "kind_against_result": gettext_lazy("Answers of the kind “%(kind)s” do not go with the result of this instrument."),
    "polarity_missing": gettext_lazy("It is not said whether Yes speaks for or against the proposal."),
    "polarity_impossible": gettext_lazy("Answers of the kind “%(kind)s” cannot be turned round."),
    "level_twice": gettext_lazy("The answer “%(level)s” is described twice."),
    "levels_of_one_value": gettext_lazy("“%(label)s” counts the same as “%(other)s”. Two levels need two values."),
    "levels_of_one_name": gettext_lazy("Two answers are called “%(label)s”."),
    "descriptor_missing": gettext_lazy("Other answers are described, “%(level)s” is not. Say what it looks like."),
    "descriptors_missing": gettext_lazy(
        "No level is described. Reviewers agree more when each level says what it looks like."
    ),
    # rules
    "combining_without_subs": gettext_lazy("There is a combining rule, but no sub-question to combine."),
    "combining_missing": gettext_lazy("Say how the sub-questions make the answer."),
    "combining_asks_for_more": gettext_lazy("The combining rule asks for sub-questions that are not there: %(subs)s."),
    "combining_ignores": gettext_lazy("The combining rule does not look at these sub-questions: %(subs)s."),
    "combining_outside_scale": gettext_lazy(
        "The combining rule can come to an outcome for which “%(kind)s” has no answer."
    ),
    "combining_never_best": gettext_lazy(
        "Whatever is answered to the sub-questions, the item can never get its best answer."
    ),
    "combining_never_adverse": gettext_lazy(
        "Whatever is answered to the sub-questions, the item never comes out as adverse."
    ),
    "one_sub_question": gettext_lazy("A single sub-question says the same as the item. Add another one, or remove it."),
    "reason_rule_missing": gettext_lazy("Say when a reviewer must give a reason."),
    "reason_rule_never": gettext_lazy(
        "With answers of the kind “%(kind)s” this rule never asks for a reason. Choose another one."
    ),
    "critical_scope_unknown": gettext_lazy("The critical rule looks at sub-questions that are not there: %(subs)s."),
    "critical_never": gettext_lazy(
        "The item is critical, but no answer of the kind “%(kind)s” is adverse: the rule can never be set off."
    ),
    "critical_scope_never": gettext_lazy("The critical rule looks at sub-question %(sub)s, which has no adverse answer."),
    "weight_without_sum": gettext_lazy("A weight of %(weight)s has no effect: this instrument adds nothing up."),
    "weights_all_zero": gettext_lazy("Every item weighs nothing, so nothing would count."),
    "weight_zero": gettext_lazy("This item weighs nothing: its answer is shown, but never counts."),
    "weights_all_the_same": gettext_lazy("Every item weighs %(weight)s. That has the same effect as 1 for all."),
    # languages
    "translation_missing": gettext_lazy("There is no text in %(language)s yet."),
    "translation_partial": gettext_lazy(
        "%(missing)s of %(total)s texts are missing in %(language)s. Reviewers see the original there."
    ),
    "translation_lines": gettext_lazy(
        "In %(language)s the list has another number of lines (%(lines)s) than the original (%(wanted)s)."
    ),
}  # fmt: skip

# While one of these is there, answers cannot be counted, so the form cannot be tried.
BREAKS_THE_FORM = frozenset(
    {"no_criteria", "kind_unknown", "polarity_missing", "combining_outside_scale", "reason_rule_missing"}
)


@dataclass(frozen=True)
class FindingLine:
    """A finding as a page shows it. `url` is where it is put right: "" for whoever may not edit."""

    is_wrong: bool
    place: str
    text: str
    url: str


def finding_lines(findings, version, content, *, may_edit):
    """The lines of a check page, in the order of the findings."""
    numbers = {criterion.key: criterion.number for criterion in content.criteria}
    return [
        FindingLine(
            is_wrong=finding.severity is Severity.WRONG,
            place=_place(finding.path, numbers),
            text=finding_text(finding),
            url=_url(finding.path, version) if may_edit else "",
        )
        for finding in findings
    ]


def finding_text(finding):
    """The sentence of one finding in the language in force."""
    params = {name: value for name, value in finding.params.items() if not name.endswith("_label")}
    params |= {
        name.removesuffix("_label"): _(value) for name, value in finding.params.items() if name.endswith("_label")
    }
    if "language" in params:
        params["language"] = language_name(params["language"])
    return str(FINDING_TEXTS[finding.code]) % params


def wanted_languages(content):
    """The languages of this installation's users, besides that of the original."""
    return [code for code, _name in settings.LANGUAGES if code != content.language]


def _place(path, numbers):
    try:
        return title(path, numbers)
    except NotAPlace:
        return path


def _url(path, version):
    try:
        return edit_url(version, path)
    except NotAPlace:
        return f"{edit_url(version, 'title')}#{anchor(path)}"
