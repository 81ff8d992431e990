"""One criterion of the assessment form as HTML.

Nearly all of it is the same for every assessment: the wording, the choices, the guidance. That
part is made once per process by a template that leaves marked gaps, and each page fills the gaps
in. The form of seventeen criteria with their sub-questions is made in a few milliseconds so.
"""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from checklist import scoring

# Cannot occur in a template or in a stored text: PostgreSQL refuses it, `clean_text` removes it.
GAP = "\x00"
# What `django.utils.html.escape` does, in one go: a page fills thousands of gaps.
ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})


class Gaps:
    """Makes a marked gap of any name a template asks for."""

    def __getitem__(self, name):
        return _gap(name)


def _gap(name):
    return mark_safe(f"{GAP}{name}{GAP}")  # noqa: S308 - a name of ours


class Frame:
    """HTML with gaps. `fill` puts values in, escaped unless they are safe; a gap left out stays empty."""

    def __init__(self, template, context):
        self._pieces = render_to_string(template, {**context, "gap": Gaps()}).split(GAP)

    def fill(self, values):
        pieces = list(self._pieces)
        for index in range(1, len(pieces), 2):
            value = values.get(pieces[index], "")
            pieces[index] = value if isinstance(value, SafeString) else str(value).translate(ESCAPES)
        return mark_safe("".join(pieces))  # noqa: S308 - from a template, with escaped values


_FRAMES: dict[tuple, tuple[object, Frame]] = {}


def criterion_frame(sheet, criterion, form_length, *, is_trial=False):
    """The frame of one criterion, in the sheet's language and the page's."""
    key = (sheet.pk, criterion.key, sheet.language, get_language(), form_length, is_trial)
    kept = _FRAMES.get(key)
    # The sheet of a published version stays the same object; another one is another edition.
    if kept is None or kept[0] is not criterion:
        context = {**_frame_context(sheet, criterion, form_length), "is_trial": is_trial}
        frame = Frame("checklist/_criterion.html", context)
        kept = _FRAMES[key] = (criterion, frame)
    return kept[1]


def frame_of(template, **choices):
    """The frame that a template makes with a few plain choices, in the page's language."""
    key = (template, get_language(), *choices.items())
    if key not in _FRAMES:
        _FRAMES[key] = (None, Frame(template, choices))
    return _FRAMES[key][1]


def _frame_context(sheet, criterion, form_length):
    spec = criterion.spec
    options = [_option(option, index, spec, "answer") for index, option in enumerate(criterion.options)]
    return {
        "sheet": sheet,
        "criterion": criterion,
        "name": f"c{criterion.pk}",
        "judged": [option for option in options if not option["is_state"]],
        "states": [option for option in options if option["is_state"]],
        "subs": [_sub(sub) for sub in criterion.subs],
        "is_full": form_length is scoring.FormLength.FULL,
        "reason_sentence": gettext(scoring.REASON_RULES[spec.reason_rule].sentence),
        "combining_sentence": gettext(scoring.COMBINING_RULES[spec.combining].sentence) if spec.combining else "",
        # Sub-questions that only say more are no parts of the answer: they stand open and bind nothing.
        "parts_bind": not (spec.combining and scoring.COMBINING_RULES[spec.combining].is_beside),
    }


def _option(option, index, spec, prefix):
    is_digit = spec.answer_kind.is_level and option.code.isdigit()
    levels = sum(each.code.isdigit() for each in spec.answer_kind.options) if spec.answer_kind.is_level else 0
    return {
        "code": option.code,
        "label": option.label,
        "descriptor": option.descriptor,
        "is_state": option.is_state,
        "level": option.code if is_digit else "",
        # The key that chooses it: a level has its own number, others count from one.
        "digit": option.code if is_digit else str(index if levels else index + 1),
        "checked": _gap(f"{prefix}:{option.code}"),
    }


def _sub(sub):
    kind = scoring.ANSWER_KINDS[sub.kind]
    return {
        "key": sub.key,
        "label": sub.label,
        "wording": sub.wording,
        "hint": sub.hint,
        "options": [
            {"code": each.code, "label": each.label, "checked": _gap(f"sub_{sub.key}:{each.code}")}
            for each in sub.options
        ],
        "is_percent": kind.is_percent,
        "typed": _gap(f"sub_{sub.key}_typed"),
        "asks_text": any(option.needs_text for option in kind.options),
        "none": _gap(f"sub_{sub.key}:"),
        "text": _gap(f"sub_{sub.key}_text"),
        "text_open": _gap(f"sub_{sub.key}_open"),
        "problem": _gap(f"problem_sub_{sub.key}"),
        "text_problem": _gap(f"problem_sub_{sub.key}_text"),
    }
