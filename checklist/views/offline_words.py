"""What a form and what is saved say, in words, to be laid beside each other."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from checklist.enums import Conclusion
from checklist.offline.comparing import Compared
from checklist.offline.plan import VIEW

NOTHING = {"answer": "", "text": ""}


@dataclass(frozen=True)
class Row:
    """One criterion, or the overall view, with the lines in which both differ: (what, saved, in the form)."""

    compared: Compared
    title: str
    lines: tuple[tuple[str, str, str], ...]
    choice: str


def row_of(compared: Compared, draft, choice: str) -> Row:
    """The row of something that was compared; `choice` is what she chose before, or what counts by itself."""
    choice = choice or compared.choice
    if compared.owner == VIEW:
        title, lines = _("Your overall view"), _view_lines(compared)
    else:
        place = draft.place(int(compared.owner))
        criterion = place.criterion
        # With the instrument: numbers begin anew in each.
        title = f"{place.instrument.sheet.short_title}, {criterion.number} {criterion.short_title}"
        lines = _answer_lines(compared, criterion)
    differing = tuple((label, saved, in_form) for label, saved, in_form in lines if saved != in_form)
    return Row(compared, title, differing, choice)


def _answer_lines(compared, criterion):
    saved, in_form = compared.saved, compared.in_form
    for sub in criterion.subs:
        both = [_sub_words(sub, said["subs"].get(sub.key, NOTHING)) for said in (saved, in_form)]
        yield (sub.label, *both)
    yield (_("Answer"), *(_word(criterion, said["answer"]) for said in (saved, in_form)))
    yield (_("Reason"), saved["rationale"], in_form["rationale"])


def _sub_words(sub, given):
    return " – ".join(part for part in (_word(sub, given["answer"]), given["text"]) if part)


def _word(owner, code):
    option = owner.option(code) if code else None
    return option.label if option else ""


def _view_lines(compared):
    saved, in_form = compared.saved, compared.in_form
    views = [str(Conclusion(said["conclusion"]).label) if said["conclusion"] else "" for said in (saved, in_form)]
    yield (_("Overall view"), *views)
    yield (_("Reasons"), saved["reason"], in_form["reason"])
    yield (_("Why recommend all the same"), saved["override_reason"], in_form["override_reason"])
