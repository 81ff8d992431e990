"""What every column, question and answer code of the score exports means, as rows of one table."""

from __future__ import annotations

from django.utils.translation import gettext as _

from checklist import presentation, scoring
from checklist.exports import long_columns, wide_columns
from checklist.models import InstrumentVersion

COLUMN, QUESTION, SUB_QUESTION, ANSWER = "column", "question", "sub_question", "answer"

# What R's or pandas' readers of CSV take for a missing value unless told otherwise, letter by letter.
READ_AS_MISSING = {"#N/A", "#NA", "<NA>", "-NaN", "-nan", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null"}

# (key, title) of the columns, in their order.
COLUMNS = (
    ("row", "Row"),
    ("instrument", "Instrument"),
    ("version", "Version"),
    ("state", "State of the version"),
    ("key", "Key"),
    ("number", "Number"),
    ("code", "Code"),
    ("label", "Label"),
    ("description", "Description"),
    ("kind", "Kind of answer"),
    ("polarity", "Polarity"),
    ("value", "Value on its scale"),
    ("rank", "Rank on its scale"),
    ("counts_as", "Counts as"),
    ("weight", "Weight"),
    ("stops", "What an adverse answer does"),
    ("about_harm", "About harm to people"),
)


def codebook(sheets):
    """The rows, as dicts with the keys of COLUMNS: columns of both shapes first, then each question with its codes."""
    states = dict(InstrumentVersion.objects.filter(pk__in=[sheet.pk for sheet in sheets]).values_list("pk", "state"))
    yield from _columns(sheets)
    for sheet in sheets:
        lead = {"instrument": sheet.slug, "version": sheet.number, "state": states[sheet.pk]}
        for criterion in sheet.criteria:
            yield from _question(criterion, lead)


def codebook_table(sheets):
    """(titles, rows) of the same for CSV and XLSX. Titles and codes are the same in every language."""
    keys = [key for key, _title in COLUMNS]
    return [title for _key, title in COLUMNS], ([row.get(key) for key in keys] for row in codebook(sheets))


def _columns(sheets):
    for shape, columns in (("wide", wide_columns(sheets)), ("long", long_columns())):
        for column in columns:
            yield {"row": COLUMN, "key": column.key, "label": column.label, "description": _in_shape(shape)}


def _in_shape(shape):
    return _("One row per answer") if shape == "long" else _("One row per assessment")


def _question(criterion, lead):
    spec = criterion.spec
    yield {
        **lead,
        "row": QUESTION,
        "key": criterion.key,
        "number": criterion.number,
        "label": criterion.short_title,
        "description": criterion.wording,
        "kind": spec.kind,
        "polarity": spec.polarity.value,
        "weight": float(spec.weight),
        "stops": spec.critical.mode.value,
        "about_harm": spec.about_harm,
    }
    for option in criterion.options:
        known = next(each for each in spec.answer_kind.options if each.code == option.code)
        mark = presentation.mark_state(spec.answer_kind.mark(option.code, spec.polarity))
        yield {**_answer(criterion.key, option, known, lead), "counts_as": mark}
    for sub in criterion.subs:
        key = f"{criterion.key}{sub.key}"
        kind = scoring.ANSWER_KINDS[sub.kind]
        yield {
            **lead,
            "row": SUB_QUESTION,
            "key": key,
            "number": sub.label,
            "description": sub.wording,
            "kind": sub.kind,
        }
        for option in sub.options:
            known = next((each for each in kind.options if each.code == option.code), None)
            yield _answer(key, option, known, lead)


def _answer(key, option, known, lead):
    return {
        **lead,
        "row": ANSWER,
        "key": key,
        "code": option.code,
        "label": option.label,
        "description": " ".join(filter(None, (option.descriptor, _warning(option.label)))),
        "value": float(known.value) if known and known.value is not None else None,
        "rank": known.rank if known else None,
    }


def _warning(label):
    """What to mind where the words of an answer look like no answer; its code never does."""
    if label.strip() not in READ_AS_MISSING:
        return ""
    return _("Programs for statistics may read this word as a missing answer. Use the code.")
