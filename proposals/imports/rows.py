"""A table and a mapping to checked rows: what each line becomes, what is wrong with it, what to know.

Nothing is invented: what is not understood is kept as text and said in a notice.
"""

import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from proposals.countries import country_name, fold, similar_country
from proposals.validators import AREA_LENGTH, LENGTHS, NAME_LENGTH, TAG_FIELDS, TITLE_LENGTH, ProposalFacts, problems_of

from . import cells
from .fields import NOTES

# The fields by whose texts a row without identifier and reference is recognised.
FINGERPRINT = ("title", "applicant", "partners", "countries", "summary")
MADE_TITLE_LENGTH = 90


@dataclass(frozen=True)
class RowError:
    """What keeps a row from being imported: in which column, which value, what to do."""

    column: str
    value: str
    message: str


@dataclass(frozen=True)
class CheckedRow:
    """One line of the file. `given` names the facts that the file really says (not blank, not made up)."""

    line: int
    facts: ProposalFacts
    given: frozenset[str]
    key: str
    errors: tuple[RowError, ...] = ()
    notices: tuple[str, ...] = ()


def check_rows(table, mapping, *, currency):
    """Every row of the table as a CheckedRow. `currency` is taken where the file names none."""
    index = {title: position for position, title in enumerate(table.columns)}
    columns = {name: index[title] for name, title in mapping.items() if name != NOTES}
    notes = [(title, index[title]) for title in mapping.get(NOTES, ())]
    day_first = {
        name: cells.day_comes_first(row.cells[columns[name]] for row in table.rows)
        for name in ("starts_on", "ends_on")
        if name in columns
    }
    known = {order for order in day_first.values() if order is not None}
    order = known.pop() if len(known) == 1 else None
    seen = Counter()
    checked = []
    for row in table.rows:
        reader = _RowReader(row, columns, notes, table.columns, order, currency)
        checked.append(reader.read(seen))
    return tuple(_refuse_doubles(checked, mapping))


class _RowReader:
    """Reads one line; what goes wrong is noted, and the reading goes on."""

    def __init__(self, row, columns, notes, titles, day_first, currency):
        self.row, self.columns, self.titles = row, columns, titles
        self.day_first, self.currency = day_first, currency
        self.errors, self.notices = [], []
        self.kept = [f"{title}: {row.cells[at].strip()}" for title, at in notes if not cells.is_blank(row.cells[at])]

    def text(self, name):
        return self.row.cells[self.columns[name]] if name in self.columns else ""

    def column(self, name):
        return self.titles[self.columns[name]] if name in self.columns else ""

    def error(self, name, message):
        self.errors.append(RowError(self.column(name), Truncator(self.text(name).strip()).chars(80), message))

    def read(self, seen):
        values = {
            **self._words(),
            "partners": self._partners(),
            "places": self._places(),
            **self._tags(),
            **self._dates(),
            **self._money(),
        }
        given = {name for name, value in values.items() if value not in ("", None, ())}
        values["title"] = values["title"] or self._made_title(values)
        if self.row.extra:
            message = _("There are more cells than columns. Perhaps a comma or a quotation mark stands unprotected.")
            self.errors.append(RowError("", Truncator(" | ".join(self.row.extra)).chars(80), message))
        facts = ProposalFacts(**values, notes="\n".join(self.kept))
        if facts.notes:
            given.add("notes")
        self._check(facts)
        key = self._key(facts, seen)
        return CheckedRow(self.row.line, facts, frozenset(given), key, tuple(self.errors), tuple(self.notices))

    def _check(self, facts):
        """What holds for every proposal, said at the column it comes from."""
        failed = {error.column for error in self.errors}
        for problem in problems_of(facts):
            name = "countries" if problem.field == "places" else problem.field
            if problem.field != "title" and self.column(name) not in failed:
                self.error(name, problem.message)
        if not facts.title:
            self.error("title", _("There is no title, and neither a summary nor an applicant to make one from."))
        if "applicant" in self.columns and not facts.applicant:
            self.notices.append(_("The applicant is not stated."))

    def _words(self):
        names = ("title", "applicant", "applicant_identifier", "reference", "external_id")
        values = {name: cells.read_line(self.text(name)) for name in names}
        for name, length in (("title", TITLE_LENGTH), ("applicant", NAME_LENGTH)):
            values[name] = self._shortened(name, values[name], length)
        values["summary"] = cells.read_text(self.text("summary"))
        language = cells.read_language(self.text("language"))
        if language is None or len(language) > LENGTHS["language"]:
            self._keep("language", [self.text("language").strip()], _("“%(words)s” is no language we know."))
        values["language"] = language or ""
        return values

    def _shortened(self, name, text, length):
        if len(text) <= length:
            return text
        self.kept.append(f"{self.column(name)}: {text}")
        message = _("“%(column)s” has more than %(n)s characters. It is shortened; the whole text is in other facts.")
        self.notices.append(message % {"column": self.column(name), "n": length})
        return text[: length - 1].rstrip() + "…"

    def _partners(self):
        names = cells.read_names(self.text("partners"))
        return tuple(self._shortened("partners", name, NAME_LENGTH) for name in names)

    def _places(self):
        codes, unknown = cells.read_countries(self.text("countries"))
        areas = re.split(r"[,;\n|]", cells.read_text(self.text("areas")))
        areas = [area for area in (" ".join(each.split()) for each in areas) if not cells.is_blank(area)]
        self.notices += [self._unknown_country(words) for words in unknown]
        alone = codes[0] if len(codes) == 1 and areas else ""
        places = [(code, "") for code in codes if not alone]
        places += [(alone, self._shortened("areas", area, AREA_LENGTH)) for area in areas]
        places += [("", self._shortened("countries", words, AREA_LENGTH)) for words in unknown]
        return tuple(dict.fromkeys(places))

    def _unknown_country(self, words):
        said = {"words": Truncator(words).chars(80), "similar": similar_country(words)}
        if said["similar"]:
            return _("“%(words)s” is no country we know (is it %(similar)s?). It is kept as an area.") % said
        return _("“%(words)s” is no country we know. It is kept as an area.") % said

    def _tags(self):
        values = {}
        for name, vocabulary in TAG_FIELDS.items():
            values[name], unknown = cells.read_tags(self.text(name), vocabulary)
            if unknown:
                self._keep(name, unknown, _("“%(words)s” is not in the list of “%(column)s”."))
        return values

    def _keep(self, name, words, message):
        """Words that have no place among our values: the whole cell goes to the other facts."""
        self.kept.append(f"{self.column(name)}: {self.text(name).strip()}")
        said = {"words": Truncator(", ".join(words)).chars(80), "column": self.column(name)}
        self.notices.append(message % said + " " + _("It is kept in other facts."))

    def _dates(self):
        values = {}
        for name in ("starts_on", "ends_on"):
            values[name] = None
            try:
                date, is_rough = cells.read_date(self.text(name), day_first=self.day_first, at_end=name == "ends_on")
            except cells.Unreadable as problem:
                self.error(name, str(problem))
                continue
            values[name] = date
            if is_rough:
                said = {"text": self.text(name).strip(), "date": date.isoformat()}
                self.notices.append(_("“%(text)s” is taken as %(date)s.") % said)
        return values

    def _money(self):
        amount, beside, currency = None, "", ""
        try:
            amount, beside = cells.read_amount(self.text("amount"))
        except cells.Unreadable as problem:
            self.error("amount", str(problem))
        try:
            currency = cells.read_currency(self.text("currency"))
        except cells.Unreadable as problem:
            self.error("currency", str(problem))
            return {"amount": amount, "currency": self.currency}
        if beside and currency and beside != currency:
            said = {"one": beside, "other": currency}
            self.error("amount", _("The amount is in %(one)s, the column of the currency says %(other)s.") % said)
        currency = currency or beside
        if amount is not None and not currency:
            currency = self.currency
            said = {"currency": currency}
            self.notices.append(_("No currency is given: %(currency)s, the currency of the round, is taken.") % said)
        return {"amount": amount, "currency": currency if amount is not None else ""}

    def _made_title(self, values):
        source = "summary" if values["summary"] else "applicant" if values["applicant"] else ""
        if not source:
            return ""
        text = " ".join(values[source].split())
        title = (
            text
            if len(text) <= MADE_TITLE_LENGTH
            else text[:MADE_TITLE_LENGTH].rsplit(" ", 1)[0].rstrip(",;:. ") + " …"
        )
        made = {
            "summary": _("No title in the file; made from the summary."),
            "applicant": _("No title in the file; made from the applicant."),
        }
        self.notices.append(made[source])
        return title

    def _key(self, facts, seen):
        """The fingerprint by which this row is recognised when it comes again."""
        if facts.external_id:
            said = ["external_id", facts.external_id]
        elif facts.reference:
            said = ["reference", facts.reference]
        else:
            said = [fold(self.text(name)) for name in FINGERPRINT]
            seen[tuple(said)] += 1
            said.append(seen[tuple(said)])
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _refuse_doubles(checked, mapping):
    """The same identifier or reference twice in one file is an error at the later line."""
    first = {}
    for row in checked:
        errors = list(row.errors)
        for name in ("external_id", "reference"):
            value = getattr(row.facts, name)
            if not value:
                continue
            line = first.setdefault((name, value), row.line)
            if line != row.line:
                message = _("This stands in line %(line)s already. Each proposal needs its own.") % {"line": line}
                errors.append(RowError(mapping[name], value, message))
        yield (
            row
            if len(errors) == len(row.errors)
            else CheckedRow(row.line, row.facts, row.given, row.key, tuple(errors), row.notices)
        )


def places_text(places):
    """Countries and areas in words: "Thailand, Chiang Mai (Thailand), Regional"."""
    return ", ".join(
        f"{area} ({country_name(country)})" if area and country else area or country_name(country)
        for country, area in places
    )
