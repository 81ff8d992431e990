"""Plain words for what can be set in a draft: labels, help, and what every choice does."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checklist import scoring

# (label, help) by what a field belongs to and its name.
FIELDS = {
    ("version", "title"): (gettext_lazy("Title"), ""),
    ("version", "short_title"): (gettext_lazy("Short title"), gettext_lazy("Two or three words for tables.")),
    ("version", "introduction"): (gettext_lazy("Introduction"), gettext_lazy("What reviewers read first.")),
    ("version", "source"): (
        gettext_lazy("Source"),
        gettext_lazy("Where the questions come from: a document with its date and page, or: our own."),
    ),
    ("version", "interpretation_note"): (
        gettext_lazy("What is our interpretation"),
        gettext_lazy(
            "What you added to the source: weights, critical items, descriptions. It is printed with results."
        ),
    ),
    ("version", "change_note"): (
        gettext_lazy("What changed"),
        gettext_lazy("For those who know the version before. You can also write it when you publish."),
    ),
    ("version", "result_kind"): (
        gettext_lazy("What the answers come to"),
        gettext_lazy("Can be changed as long as the answers of all items allow it."),
    ),
    ("version", "applies_to"): (gettext_lazy("Which proposals are judged by it"), ""),
    ("version", "language"): (gettext_lazy("Language of the original"), ""),
    ("domain", "title"): (gettext_lazy("Heading"), ""),
    ("criterion", "number"): (gettext_lazy("Number"), gettext_lazy("As it is printed: 5, or P1.")),
    ("criterion", "short_title"): (gettext_lazy("Short title"), gettext_lazy("Two or three words for tables.")),
    ("criterion", "domain"): (gettext_lazy("Group"), ""),
    ("criterion", "wording"): (
        gettext_lazy("The question"),
        gettext_lazy("One thing at a time. If it asks two, make two sub-questions below."),
    ),
    ("criterion", "guidance"): (gettext_lazy("Guidance"), gettext_lazy("What is meant, in a sentence or two.")),
    ("criterion", "look_for"): (gettext_lazy("What to look for"), gettext_lazy("One hint on each line.")),
    ("criterion", "warning_signs"): (gettext_lazy("Warning signs"), gettext_lazy("One sign on each line.")),
    ("criterion", "kind"): (
        gettext_lazy("How is it answered?"),
        gettext_lazy("Texts of answers that the new kind does not have are taken out; undo brings them back."),
    ),
    ("criterion", "polarity"): (gettext_lazy("Which answer speaks for the proposal?"), ""),
    ("criterion", "weight"): (
        gettext_lazy("Weight"),
        gettext_lazy("1 is normal, 2 counts twice, 0 does not count. It matters only beside the other items."),
    ),
    ("criterion", "reason_rule"): (gettext_lazy("When must the reviewer give a reason?"), ""),
    ("criterion", "critical_rule"): (
        gettext_lazy("What does an unfavourable answer do?"),
        gettext_lazy("A round may set this anew for itself."),
    ),
    ("criterion", "critical_condition"): (gettext_lazy("When does this rule hold?"), ""),
    ("criterion", "critical_scope"): (
        gettext_lazy("Which parts does the rule look at?"),
        gettext_lazy("None ticked: the answer to the item as a whole."),
    ),
    ("criterion", "about_harm"): (
        gettext_lazy("This is about harm to people"),
        gettext_lazy("An unfavourable answer then stands above any result, on screen and on paper."),
    ),
    ("criterion", "combining"): (gettext_lazy("How do the parts make the answer?"), ""),
    ("sub", "wording"): (gettext_lazy("The sub-question"), ""),
    ("sub", "hint"): (gettext_lazy("Hint"), ""),
    ("sub", "kind"): (gettext_lazy("How is it answered?"), ""),
}

RESULT_KINDS = {
    "share": gettext_lazy("For example: 70 per cent of what could be judged speaks for the proposal."),
    "profile": gettext_lazy("For example: level 3 on one principle, level 1 on another. Levels are never added up."),
    "flags": gettext_lazy("For example: three warnings, one of which stops the proposal. A list, not a number."),
    "coverage": gettext_lazy(
        "For example: prevention is the main theme, protection is not addressed. It does not judge."
    ),
}

# Each with a label and a sentence.
POLARITIES = {
    "yes_is_good": (
        gettext_lazy("Yes speaks for the proposal"),
        gettext_lazy("For example: Have survivors been consulted?"),
    ),
    "yes_is_bad": (
        gettext_lazy("Yes speaks against the proposal"),
        gettext_lazy("For example: Does it repeat what others do already? The reviewer still answers as asked."),
    ),
}

CRITICAL_RULES = {
    "none": gettext_lazy("It counts like any other answer."),
    "explain": gettext_lazy("The reviewer must write why, and the result says so."),
    "block": gettext_lazy("Nobody can recommend the proposal unless somebody overrides this in writing, with a name."),
}

COMBINING_LABELS = {
    "minimum": gettext_lazy("The weakest part decides"),
    "beside": gettext_lazy("The parts only say more"),
    "evaluated_then_proven": gettext_lazy("Evaluated, then proven"),
    "overlap": gettext_lazy("Overlap with others"),
    "strongest_focus_with_intervention": gettext_lazy("Strongest focus, with an activity"),
    "assessed_how": gettext_lazy("Depends on how it was assessed"),
    "impact_with_outputs": gettext_lazy("Impact, with outputs"),
}


def kind_sentence(kind):
    """The answers that a reviewer can choose."""
    options = [_(option.label) for option in kind.options]
    return _("The reviewer chooses: %(answers)s.") % {"answers": ", ".join(options)}


def sub_kind_label(kind):
    """A kind of answer to a sub-question, by its answers where it has some."""
    answers = " / ".join(_(option.label) for option in kind.substantive)
    return answers or _(kind.label)


def combining_label(rule):
    """A short name for the rule; its sentence says the rest."""
    return COMBINING_LABELS.get(rule.code) or capital(rule.code)


def capital(code):
    """A code of the registries that has no name here yet, made readable."""
    return code.replace("_", " ").capitalize()


def combining_example(spec, number):
    """One case worked out by the rule in force: the first part at its best, the second at its worst."""
    if len(spec.subs) < 2 or any(not sub.answer_kind.substantive for sub in spec.subs):
        return ""
    chosen = {
        sub.key: max(sub.answer_kind.substantive, key=lambda option: (option.rank, -_place(sub, option)))
        for sub in spec.subs
    }
    second = spec.subs[1]
    chosen[second.key] = min(second.answer_kind.substantive, key=lambda option: option.rank)
    answers = {key: scoring.SubAnswer(option.code, "x") for key, option in chosen.items()}
    derived = scoring.derive(spec, answers).answer
    if derived is None:
        return ""
    said = ", ".join(f"{number}{key} “{_(option.label)}”" for key, option in chosen.items())
    return _("An example: with %(answers)s, the item is “%(result)s”.") % {
        "answers": said,
        "result": _(spec.answer_kind.option(derived).label),
    }


def _place(sub, option):
    return sub.answer_kind.options.index(option)
