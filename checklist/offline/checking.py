"""Tells apart what is wrong with a form that came back; what is left is what it says."""

from __future__ import annotations

import unicodedata

from django.utils.translation import gettext as _

from checklist.scoring import ANSWER_KINDS
from checklist.selectors.drafts import Draft

from .plan import MAX_TEXT, VIEW, Content, Entry, FormPlan, content_of, tidy
from .reading import ReadForm, Spoiled, mixed_forms

PERCENT = ANSWER_KINDS["sub_percent"]
OFF = "Off"
FROM_RIGHT = ("R", "AL")
# A wording with more letters may not fit on one page.
LONG_WORDING = 2_000


def check_claims(form: ReadForm, plan: FormPlan):
    """Refuse a form that says of itself something else than the form with this token was made for."""
    if form.data_token and form.data_token != form.token:
        raise Spoiled(mixed_forms())
    if form.assessment != str(plan.assessment.pk):
        raise Spoiled(
            _("This form says that it is for another proposal than the one it was made for. Take a new form.")
        )
    if form.versions != plan.versions:
        raise Spoiled(_other_version())


def outdated(content: Content, draft: Draft) -> str:
    """Why a form that was read before cannot be taken over any more, as a sentence; "" where it can.

    An assessment without answers moves to a newer version of an instrument, also while its form waits.
    """
    asked = {str(place.criterion.pk) for place in draft.places()} | {VIEW}
    return "" if set(content) == asked else _other_version()


def _other_version():
    return _(
        "This form asks by another version of the instruments than your assessment does now. "
        "Take a new form and carry your answers over."
    )


def read_content(form: ReadForm, plan: FormPlan) -> Content:
    """What the form says. Raises Spoiled at the first thing that is not as it was handed out."""
    entries = plan.by_name()
    missing, extra = set(entries) - set(form.values), set(form.values) - set(entries)
    if missing:
        first = next(entry for entry in plan.entries if entry.name in missing)
        raise Spoiled(_("Fields were removed from this form, first at %(number)s.") % {"number": first.place})
    if extra:
        raise Spoiled(_("Fields were added to this form: %(name)s.") % {"name": min(extra)[:60]})
    pages = _latin(_letters(form.pages))
    values = {}
    for entry in plan.entries:
        _check_question(entry, form, pages)
        values[entry.name] = _value(entry, form.values[entry.name])
    return content_of(plan.entries, values)


def _check_question(entry, form, pages):
    """The words of the question stand in the form as they were handed out."""
    wanted = _letters(entry.wording)
    is_there = wanted in _letters(form.questions.get(entry.name, ""))
    if not is_there or (pages and not _stand_on(pages, entry.wording)):
        raise Spoiled(
            _("The words of a question were changed in this file (%(number)s). Take a new form.")
            % {"number": entry.place}
        )


def _stand_on(pages, wording):
    """Whether the pages show these words. What was written right to left comes back in another order, and what
    is longer than a page has the foot of that page in it: these are looked for word by word.
    """
    if _latin(_letters(wording)) in pages:
        return True
    is_apart = len(wording) > LONG_WORDING or any(unicodedata.bidirectional(each) in FROM_RIGHT for each in wording)
    return is_apart and all(_latin(_letters(word)) in pages for word in wording.split())


def _letters(text):
    """Only letters and digits, without marks: what survives every program that writes the file again."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def _latin(letters):
    """Of these the Latin ones: pages give the others back in another order, or not at all."""
    return "".join(letter for letter in letters if letter.isascii())


def _value(entry: Entry, given: list[str]):
    """What stands in one field, as the code or text that is stored."""
    label = entry.whole_label
    if len(given) > 1 and entry.options:
        raise Spoiled(_("%(number)s: two answers are chosen. Choose one.") % {"number": label})
    if len(given) > 1:
        raise Spoiled(
            _("%(number)s: this field stands twice in the file, with different words. Take a new form.")
            % {"number": label}
        )
    value = tidy(given[0]) if given else ""
    if entry.is_text:
        if len(value) > MAX_TEXT:
            raise Spoiled(
                _("%(number)s: the text is longer than %(n)s letters. Shorten it.") % {"number": label, "n": MAX_TEXT}
            )
        return value
    if entry.is_percent:
        return _percent(label, value)
    return _code(entry, label, "" if value == OFF else value)


def _percent(label, value):
    value = PERCENT.typed(value.removesuffix("%").strip()) if value else ""
    if value and not PERCENT.has(value):
        raise Spoiled(_("%(number)s: write a number from 0 to 100, or leave it out.") % {"number": label})
    return value


def _code(entry, label, value):
    """The code of an answer that is given as code or in words."""
    codes = dict(entry.options)
    if not value or value in codes:
        return value
    for code, words in entry.options:
        if tidy(words).casefold() == value.casefold():
            return code
    raise Spoiled(_("%(number)s: “%(value)s” is not one of the answers.") % {"number": label, "value": value[:60]})
