"""What each row of a file would do to a round: make a proposal, change one, or nothing."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, fields, replace
from functools import lru_cache

from django.core.files.storage import default_storage
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from proposals.actions.imports import ChangedRow, NewRow
from proposals.enums import AccessLevel
from proposals.models import Proposal, ProposalAccess
from proposals.selectors import CHUNK, existing_rows, facts_of_many
from proposals.validators import ProposalFacts, fold_name, settle
from screening.tabular import Table, TableProblem, read_table

from .rows import CheckedRow, RowError, check_rows

NEW, CHANGED, SAME, WRONG = "new", "changed", "same", "wrong"


@dataclass(frozen=True)
class PlannedRow:
    """One line and what it does. `facts` are complete: for a row that is here already, with what is kept.

    `changes` are (field, before, after) of the proposal `pk`, known as `reference`.
    """

    line: int
    state: str
    facts: ProposalFacts
    key: str
    errors: tuple[RowError, ...] = ()
    notices: tuple[str, ...] = ()
    pk: int | None = None
    reference: str = ""
    revision: int = 0
    changes: tuple[tuple[str, object, object], ...] = ()


@dataclass(frozen=True)
class Plan:
    """Everything an import would do, before anything is done."""

    rows: tuple[PlannedRow, ...]
    remarks: tuple[str, ...]

    @property
    def counts(self):
        """How many rows are new, changed, same, wrong, and how many carry a notice."""
        states = Counter(row.state for row in self.rows)
        return {
            **{state: states[state] for state in (NEW, CHANGED, SAME, WRONG)},
            "notices": sum(bool(row.notices) for row in self.rows),
            "total": len(self.rows),
        }

    @property
    def digest(self):
        """Differs as soon as the import would do something else."""
        said = [(row.line, row.state, row.pk, row.revision) for row in self.rows]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:20]

    def for_action(self, *, update):
        """The arguments of `actions.imports.finish_import` that this plan decides."""
        new = [NewRow(row.line, row.facts, row.key) for row in self.rows if row.state == NEW]
        changed = [
            ChangedRow(row.line, row.facts, row.pk, row.revision)
            for row in self.rows
            if update and row.state == CHANGED
        ]
        skipped = len(self.rows) - len(new) - len(changed)
        return {"new": new, "changed": changed, "skipped": skipped, "update_existing": update}


def table_of(import_file, sheet=None):
    """The table in the stored file. Remembered per process, because a stored file never changes."""
    return _stored_table(import_file.file.name, import_file.name, import_file.sheet if sheet is None else sheet)


@lru_cache(maxsize=2)
def _stored_table(stored, name, sheet) -> Table:
    try:
        with default_storage.open(stored) as file:
            return read_table(file, name, sheet or None)
    except FileNotFoundError as error:
        raise TableProblem(_("The uploaded file is no longer there. Upload it again.")) from error


@lru_cache(maxsize=2)
def _checked(stored, name, sheet, mapping, currency, language):
    """The checked rows, remembered like the table; notices are in the reader's `language`."""
    return check_rows(_stored_table(stored, name, sheet), json.loads(mapping), currency=currency)


def plan_import(import_file, *, by):
    """The plan for a file whose columns are matched."""
    table = table_of(import_file)
    rows = _checked(
        import_file.file.name,
        import_file.name,
        import_file.sheet,
        json.dumps(import_file.mapping),
        import_file.round.currency,
        get_language(),
    )
    return plan_rows(rows, round_=import_file.round, by=by, remarks=table.problems)


def plan_rows(rows: tuple[CheckedRow, ...], *, round_, by, remarks=()):
    """Compare checked rows with what the round holds. A constant number of queries per 500 rows."""
    known = _Known(round_, by)
    matches = [(row, known.match(row)) for row in rows]
    known.load({pk for _row, pk in matches if pk is not None})
    seen, planned = {}, []
    for row, pk in matches:
        planned.append(_planned(row, pk, known, seen))
        if pk is not None:
            seen.setdefault(pk, row.line)
    return Plan(tuple(planned), tuple(remarks))


def _planned(row, pk, known, seen):
    errors, notices = list(row.errors), list(row.notices)
    about = {"line": row.line, "facts": row.facts, "key": row.key}
    if pk is None:
        twin = known.twin_of(row)
        if twin:
            notices.append(_("%(reference)s has the same title and applicant.") % {"reference": twin})
        return PlannedRow(**about, state=WRONG if errors else NEW, errors=tuple(errors), notices=tuple(notices))
    about.update(pk=pk, reference=known.references[pk])
    if pk in seen:
        said = {"reference": known.references[pk], "line": seen[pk]}
        message = _("This is %(reference)s, and so is line %(line)s. One of them must go.") % said
        errors.append(RowError("", row.facts.title[:80], message))
    if pk in known.closed:
        notices.append(_("It is closed to you because of a conflict of interest, so it stays as it is."))
    elif not errors:
        proposal, before = known.proposals[pk], known.facts[pk]
        after = merged(before, row)
        changes = _changes(before, after)
        about.update(facts=after, revision=proposal.revision, changes=changes)
    state = WRONG if errors else CHANGED if about.get("changes") else SAME
    return PlannedRow(**about, state=state, errors=tuple(errors), notices=tuple(notices))


def merged(known, row):
    """What is known, with what the file says in its place. A blank cell changes nothing."""
    said = {name: getattr(row.facts, name) for name in row.given}
    if "amount" in said:
        said["currency"] = row.facts.currency
    return settle(replace(known, **said), known)


def _changes(before, after):
    names = (each.name for each in fields(before))
    return tuple(
        (name, getattr(before, name), getattr(after, name))
        for name in names
        if getattr(before, name) != getattr(after, name)
    )


class _Known:
    """What the round holds already, by everything a row can be recognised by."""

    def __init__(self, round_, by):
        self.references, self.by_reference, self.by_external_id, self.by_key, self.twins = {}, {}, {}, {}, {}
        for pk, reference, external_id, key, title, applicant in existing_rows(round_):
            self.references[pk] = reference
            self.by_reference[reference] = pk
            if external_id:
                self.by_external_id.setdefault(external_id, pk)
            if key:
                self.by_key[key] = pk
            self.twins.setdefault((fold_name(title), applicant or ""), reference)
        closed = (
            ProposalAccess.objects.filter(user=by, level=AccessLevel.CLOSED, proposal__round=round_) if by else None
        )
        self.closed = set(closed.values_list("proposal_id", flat=True)) if by else set()

    def match(self, row):
        """The id of the proposal that this row speaks of, or None: by identifier, else reference, else fingerprint."""
        facts = row.facts
        pk = self.by_external_id.get(facts.external_id) if facts.external_id else None
        if pk is None and facts.reference:
            pk = self.by_reference.get(facts.reference)
        return pk if pk is not None else self.by_key.get(row.key)

    def twin_of(self, row):
        key = (fold_name(row.facts.title), fold_name(row.facts.applicant) if row.facts.applicant else "")
        return self.twins.get(key)

    def load(self, pks):
        """The facts of the proposals that the file speaks of."""
        self.proposals, pks = {}, sorted(pks)
        for start in range(0, len(pks), CHUNK):
            self.proposals.update(Proposal.objects.in_bulk(pks[start : start + CHUNK]))
        self.facts = facts_of_many(self.proposals.values())
