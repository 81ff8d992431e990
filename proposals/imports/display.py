"""Planned rows in words, for the page and for the command line."""

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from proposals.enums import TAG_CHOICES
from proposals.validators import TAG_FIELDS

from .fields import FIELDS
from .plan import CHANGED, NEW, SAME, WRONG
from .rows import places_text

STATE_KINDS = {NEW: "good", CHANGED: "open", SAME: "off", WRONG: "bad"}


def state_words(row):
    """The state of a row in words."""
    return {
        NEW: _("New"),
        CHANGED: _("Here already, changed"),
        SAME: _("Here already"),
        WRONG: _("Error"),
    }[row.state]


def show_rows(rows, mapping):
    """What the preview shows of each row."""
    return [_shown(row, mapping) for row in rows]


def _shown(row, mapping):
    facts = row.facts
    return {
        "line": row.line,
        "reference": row.reference or facts.reference,
        "title": facts.title,
        "summary": facts.summary,
        "applicant": facts.applicant,
        "asks_applicant": "applicant" in mapping,
        "partners": ", ".join(facts.partners),
        "places": places_text(facts.places),
        "dates": dates_text(facts),
        "amount": amount_text(facts),
        "tags": tags_text(facts),
        "notes": facts.notes.splitlines(),
        "state": state_words(row),
        "kind": STATE_KINDS[row.state],
        "errors": row.errors,
        "notices": row.notices,
        "changes": [(label_of(name), value_text(name, old), value_text(name, new)) for name, old, new in row.changes],
    }


def label_of(name):
    """The name of one fact in words."""
    if name in FIELDS:
        return FIELDS[name].label
    return {"places": _("Countries and areas"), "notes": _("Other facts")}.get(name, name)


def value_text(name, value):
    """The value of one fact in words; "" for none."""
    if value in (None, "", ()):
        return ""
    if name == "places":
        return places_text(value)
    if name in TAG_FIELDS:
        labels = dict(TAG_CHOICES[TAG_FIELDS[name]].choices)
        return ", ".join(str(labels[code]) for code in value)
    if name in ("starts_on", "ends_on"):
        return date_format(value)
    if name == "amount":
        return number_format(value, 2, force_grouping=True, use_l10n=True)
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def dates_text(facts):
    """When it runs: "1 Jan 2026 – 31 Dec 2027"."""
    if not facts.starts_on and not facts.ends_on:
        return ""
    start, end = (date_format(date) if date else "…" for date in (facts.starts_on, facts.ends_on))
    return f"{start} – {end}"


def amount_text(facts):
    """How much is asked for: "USD 5,000"."""
    if facts.amount is None:
        return ""
    decimals = 0 if facts.amount == facts.amount.to_integral() else 2
    return f"{facts.currency} {number_format(facts.amount, decimals, force_grouping=True)}"


def tags_text(facts):
    """All words from fixed lists that are said of it."""
    return ", ".join(value_text(name, getattr(facts, name)) for name in TAG_FIELDS if getattr(facts, name))
