"""The wording of letters: the round's own, or ours."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import override

from checklist import letters
from checklist.models import LetterText

from .questions import default_wording as default_questions


def wording_of(round_, kind, language):
    """(subject, text) of one kind of letter in the round, places not filled in."""
    own = LetterText.objects.filter(round=round_, kind=kind, language=language).first()
    return (own.subject, own.body) if own else default_wording(kind, language)


def default_wording(kind, language):
    """(subject, text) where the round has no wording of its own."""
    if kind == letters.QUESTIONS:
        return default_questions(language)
    with override(language):
        return _DEFAULTS[kind]()


def own_wordings(round_):
    """{(kind, language): LetterText} of what the round words itself. One query."""
    return {(row.kind, row.language): row for row in LetterText.objects.filter(round=round_)}


def _feedback():
    return (
        _("Feedback on your proposal {reference}"),
        _(
            "Dear colleagues,\n\n"
            "Thank you for your proposal “{title}”. Independent reviewers read it and judged it by the criteria of "
            "“{round}”. Below is what they found, so that you can build on it."
        ),
    )


def _fund():
    return (
        _("Decision on your proposal {reference}"),
        _(
            "Dear colleagues,\n\n"
            "We are glad to tell you that {donor} will fund your proposal “{title}” ({reference}).\n\n"
            "The amount granted is {amount}.\n\n"
            "Our reasons are:\n\n"
            "{reasons}\n\n"
            "We will write to you about the agreement. Please do not begin with costs before it is signed.\n\n"
            "With kind regards"
        ),
    )


def _fund_with_conditions():
    return (
        _("Decision on your proposal {reference}"),
        _(
            "Dear colleagues,\n\n"
            "We are glad to tell you that {donor} will fund your proposal “{title}” ({reference}) under the "
            "conditions below.\n\n"
            "The amount granted is {amount}.\n\n"
            "The conditions are:\n\n"
            "{conditions}\n\n"
            "Our reasons are:\n\n"
            "{reasons}\n\n"
            "Please tell us in writing how and by when each condition will be met. The agreement follows after "
            "that.\n\n"
            "With kind regards"
        ),
    )


def _reserve():
    return (
        _("Decision on your proposal {reference}"),
        _(
            "Dear colleagues,\n\n"
            "Thank you for your proposal “{title}” ({reference}). It was found worth funding, but the means of this "
            "round do not reach that far. It stands on the reserve list and is taken up if means become free.\n\n"
            "Its place on the list is {reserve_place}.\n\n"
            "Our reasons are:\n\n"
            "{reasons}\n\n"
            "We will write to you as soon as anything changes.\n\n"
            "With kind regards"
        ),
    )


def _decline():
    return (
        _("Decision on your proposal {reference}"),
        _(
            "Dear colleagues,\n\n"
            "Thank you for your proposal “{title}” ({reference}) and for the work that went into it. We are sorry to "
            "tell you that {donor} will not fund it in this round.\n\n"
            "Our reasons are:\n\n"
            "{reasons}\n\n"
            "You are welcome to apply again in a later round.\n\n"
            "With kind regards"
        ),
    )


_DEFAULTS = {
    letters.FEEDBACK: _feedback,
    "decision/fund": _fund,
    "decision/fund_with_conditions": _fund_with_conditions,
    "decision/reserve": _reserve,
    "decision/decline": _decline,
}
