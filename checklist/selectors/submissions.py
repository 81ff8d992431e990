"""What changed from one submission of an assessment to the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from checklist.enums import Conclusion
from checklist.models import SubmittedState

from .instruments import sheet


@dataclass(frozen=True)
class Change:
    """One field that differs, as a person would say it; `about` is the criterion, or "" for the overall view."""

    about: str
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Resubmission:
    """The submission `number` beside the one before it."""

    number: int
    submitted_at: datetime
    changes: tuple[Change, ...]


def changes_between_submissions(assessment):
    """[Resubmission] from the second submission on, the newest first. One query beside the kept sheets.

    Whoever calls has asked whether the person may read the assessment.
    """
    return _resubmissions(list(assessment.submitted_states.order_by("number")))


def changes_of_many(assessment_pks):
    """{assessment id: what `changes_between_submissions` says of it}. One query beside the kept sheets."""
    states: dict[int, list[SubmittedState]] = {}
    for state in SubmittedState.objects.filter(assessment__in=assessment_pks).order_by("assessment_id", "number"):
        states.setdefault(state.assessment_id, []).append(state)
    return {pk: _resubmissions(own) for pk, own in states.items()}


def _resubmissions(states):
    found = [
        Resubmission(after.number, after.submitted_at, tuple(_differences(before.content, after.content)))
        for before, after in zip(states, states[1:], strict=False)
    ]
    return found[::-1]


def _differences(before, after):
    language = get_language()
    for version in dict.fromkeys([*before["criteria"], *after["criteria"]]):
        for criterion in sheet(int(version), language).criteria:
            old = before["criteria"].get(version, {}).get(criterion.key, {})
            new = after["criteria"].get(version, {}).get(criterion.key, {})
            about = f"{criterion.number}. {criterion.short_title}"
            was, is_now = dict(_lines(criterion, old)), dict(_lines(criterion, new))
            for field in dict.fromkeys([*was, *is_now]):
                if was.get(field, "") != is_now.get(field, ""):
                    yield Change(about, field, was.get(field, ""), is_now.get(field, ""))
    for field, label in (
        ("conclusion", _("Overall view")),
        ("conclusion_reason", _("Reasons for the overall view")),
        ("override_reason", _("Why recommend all the same")),
    ):
        if before[field] != after[field]:
            yield Change("", label, _view(field, before[field]), _view(field, after[field]))


def _lines(criterion, said):
    """(field, words) of everything that was said on one criterion."""
    if not said:
        return
    option = criterion.option(said["answer"])
    yield _("Answer"), option.label if option else said["answer"]
    yield _("Reason"), said["rationale"]
    for key, given in said["subs"].items():
        sub = criterion.sub(key)
        chosen = sub.option(given["answer"]) if sub else None
        words = (chosen.label if chosen else given["answer"], given["text"])
        yield sub.label if sub else f"{criterion.number}{key}", " – ".join(filter(None, words))
    yield _("Evidence"), "; ".join(_place(each) for each in said["evidence"])


def _place(evidence):
    quote = f"“{evidence['quote']}”" if evidence["quote"] else ""
    return ", ".join(filter(None, (evidence["document"], evidence["page"], quote)))


def _view(field, value):
    return str(dict(Conclusion.choices).get(value, value)) if field == "conclusion" else value
