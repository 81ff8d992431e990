"""What the assessment form posts, as clean values. The rules about them live in the actions.

Field names begin with the criterion: `c12-answer`, `c12-sub-a`, `c12-sub-a-text`; the columns
`c12-document`, `c12-page` and `c12-quote` make one row for each piece of evidence.
"""

from __future__ import annotations

import re
from itertools import zip_longest

from django import forms
from django.utils.translation import gettext_lazy as _

from checklist.actions.assessments import GivenResponse, Pointer
from checklist.scoring import SubAnswer
from screening.forms import HelperMixin

MINE, THEIRS, BOTH = "mine", "theirs", "both"
_REVISION = re.compile(r"c(\d{1,18})-revision")


class UnreadableForm(ValueError):
    """The posted data cannot come from our form."""


def given_responses(data):
    """What `data` (a QueryDict) says of each criterion it has fields for, with what the button changes.

    Where she chose to take what is stored, nothing is said.
    """
    word, *numbers = pressed(data)
    found = []
    for field in data:
        match = _REVISION.fullmatch(field)
        if match is None or data.get(f"c{match[1]}-choice") == THEIRS:
            continue
        pk = int(match[1])
        is_pressed = bool(numbers) and numbers[0] == pk
        found.append(
            _given_response(
                data,
                pk,
                is_cleared=is_pressed and word == "clear",
                removed_row=numbers[1] if is_pressed and word == "remove" and len(numbers) > 1 else None,
            )
        )
    return found


def _given_response(data, pk, *, is_cleared, removed_row):
    name = f"c{pk}"
    columns = [data.getlist(f"{name}-{column}") for column in ("document", "page", "quote")]
    evidence = [
        Pointer(_number(document) if document else None, page, quote)
        for index, (document, page, quote) in enumerate(zip_longest(*columns, fillvalue=""))
        if index != removed_row
    ]
    keys = {
        field.removeprefix(f"{name}-sub-").removesuffix("-text") for field in data if field.startswith(f"{name}-sub-")
    }
    return GivenResponse(
        criterion_pk=pk,
        revision=_number(data[f"{name}-revision"]),
        answer=None if is_cleared else data.get(f"{name}-answer") or None,
        rationale=data.get(f"{name}-rationale", ""),
        subs={
            key: SubAnswer(data.get(f"{name}-sub-{key}") or None, data.get(f"{name}-sub-{key}-text", ""))
            for key in sorted(keys)
        },
        evidence=tuple(evidence),
        is_join=data.get(f"{name}-choice") == BOTH,
    )


def given_conclusion(data):
    """The overall view as arguments of `save_conclusion`; None when the form has none."""
    if "conclusion-revision" not in data or data.get("conclusion-choice") == THEIRS:
        return None
    return {
        "conclusion": data.get("conclusion", ""),
        "reason": data.get("conclusion-reason", ""),
        "override_reason": data.get("conclusion-override", ""),
        "revision": _number(data["conclusion-revision"]),
    }


def pressed(data):
    """What the button said: ("save", None), ("add", 12), ("remove", 12, 1) ... as a tuple."""
    word, *numbers = data.get("do", "save").split(":")
    return (word, *(_number(number) for number in numbers))


def _number(text):
    if not text.isdecimal() or len(text) > 18:
        raise UnreadableForm(text)
    return int(text)


class ReopenForm(HelperMixin, forms.Form):
    """Why an assessment is reopened."""

    submit_label = _("Reopen the assessment")

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The reviewer reads it on top of her form, and it stays on record."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
    )
