"""Changes on the way from an uploaded spreadsheet to proposals."""

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from screening import audit

from ..enums import ImportState
from ..models import ColumnMapping, ImportFile, Proposal
from ..selectors import facts_of_many
from ..validators import ProposalFacts
from . import writing


class CannotImport(Exception):
    """The import cannot go on as it is; the message says why."""


class CannotKeepMapping(Exception):
    """The matching cannot be kept under this name; the message says why."""


@dataclass(frozen=True)
class NewRow:
    """A checked row that becomes a proposal. `key` recognises it when the file comes again."""

    line: int
    facts: ProposalFacts
    key: str


@dataclass(frozen=True)
class ChangedRow:
    """A checked row that changes the proposal `pk`, which was at `revision` when it was looked at."""

    line: int
    facts: ProposalFacts
    pk: int
    revision: int


def upload_import(*, round_, file, name, by, sheet="", mapping=None):
    """Keep an uploaded spreadsheet under a random name; with a mapping it is ready to be checked."""
    import_file = ImportFile(
        round=round_,
        name=name[-200:],
        sha256=_sha256(file),
        sheet=sheet,
        mapping=mapping or {},
        state=ImportState.MAPPED if mapping else ImportState.UPLOADED,
        uploaded_by=by,
    )
    with _file_only_if_kept(import_file), transaction.atomic():
        import_file.file.save(import_file.name, File(file), save=False)
        import_file.save()
        audit.record("import_uploaded", import_file, by=by, round_id=round_.pk, after={"sha256": import_file.sha256})
    return import_file


@transaction.atomic
def map_columns(*, import_file, sheet, mapping, by, keep_as=""):
    """Say which column becomes which of our fields; `keep_as` also keeps the matching under that name.

    Raises CannotImport for a finished or discarded file, CannotKeepMapping for a name in use.
    """
    import_file = _locked_open(import_file)
    before = {"sheet": import_file.sheet, "mapping": import_file.mapping}
    import_file.sheet, import_file.mapping, import_file.state = sheet, mapping, ImportState.MAPPED
    import_file.save(update_fields=["sheet", "mapping", "state"])
    after = {"sheet": sheet, "mapping": mapping}
    if before != after:
        audit.record("import_mapped", import_file, by=by, round_id=import_file.round_id, before=before, after=after)
    if keep_as:
        _keep_mapping(keep_as, mapping, by)
    return import_file


def _keep_mapping(name, mapping, by):
    if ColumnMapping.objects.filter(name__iexact=name).exists():
        raise CannotKeepMapping(_("There is already a kept matching with this name."))
    kept = ColumnMapping.objects.create(name=name, mapping=mapping, created_by=by)
    audit.record("mapping_saved", kept, by=by, after={"mapping": mapping})


@transaction.atomic
def discard_import(*, import_file, by):
    """Give up an import that is not finished; its file is deleted, its record stays."""
    import_file = _locked_open(import_file)
    import_file.state, import_file.finished_at = ImportState.DISCARDED, timezone.now()
    import_file.save(update_fields=["state", "finished_at"])
    audit.record("import_discarded", import_file, by=by, round_id=import_file.round_id)
    storage, stored = import_file.file.storage, import_file.file.name
    transaction.on_commit(lambda: storage.delete(stored))
    return import_file


@transaction.atomic
def finish_import(*, import_file, new, changed, skipped, update_existing, by):
    """Write all checked rows, or none: NewRow become proposals, ChangedRow are written over what is here.

    Raises CannotImport when the file is finished already, or when a proposal was added or
    changed after the rows were looked at.
    """
    import_file = _locked_open(import_file)
    round_ = writing.lock_round(import_file.round)
    try:
        with transaction.atomic():
            created = _create(import_file, round_, new, by)
            updated = _update(import_file, round_, changed, by)
    except IntegrityError as error:
        raise CannotImport(_meanwhile()) from error
    import_file.state, import_file.finished_at = ImportState.FINISHED, timezone.now()
    import_file.update_existing = update_existing
    import_file.created_count, import_file.updated_count = created, updated
    import_file.skipped_count = skipped
    import_file.save()
    counts = {"created": created, "updated": updated, "skipped": skipped}
    audit.record("import_finished", import_file, by=by, round_id=round_.pk, after=counts)
    return import_file


@transaction.atomic
def import_at_once(*, round_, file, name, sheet, mapping, new, changed, skipped, update_existing, by):
    """Upload, match and import in one step, for those who have looked at the rows elsewhere."""
    import_file = upload_import(round_=round_, file=file, name=name, by=by, sheet=sheet, mapping=mapping)
    return finish_import(
        import_file=import_file, new=new, changed=changed, skipped=skipped, update_existing=update_existing, by=by
    )


def _create(import_file, round_, new, by):
    proposals = writing.create_proposals(round_, [(row.facts, row.key) for row in new])
    audit.record_many(
        {
            **_about(import_file, proposal, row, by),
            "event": "proposal_imported",
            "after": {**writing.recorded(row.facts), "reference": proposal.reference},
        }
        for proposal, row in zip(proposals, new, strict=True)
    )
    return len(proposals)


def _update(import_file, round_, changed, by):
    found = {}
    for chunk in writing.in_chunks(row.pk for row in changed):
        found.update(Proposal.objects.select_for_update().filter(round=round_).in_bulk(chunk))
    for row in changed:
        if row.pk not in found or found[row.pk].revision != row.revision:
            raise CannotImport(_meanwhile())
    known = facts_of_many(found.values())
    writing.rewrite_proposals((found[row.pk], row.facts) for row in changed)
    events = []
    for row in changed:
        before, after = writing.differences(known[row.pk], row.facts)
        about = _about(import_file, found[row.pk], row, by)
        events.append({**about, "event": "proposal_updated_by_import", "before": before, "after": after})
    audit.record_many(events)
    return len(events)


def _about(import_file, proposal, row, by):
    note = _("%(file)s, line %(line)s") % {"file": import_file.name, "line": row.line}
    return {"subject": proposal, "by": by, "thread": proposal.thread, "round_id": proposal.round_id, "note": note}


def _meanwhile():
    return _("Proposals of this round were added or changed while you were looking. Nothing was imported. Look again.")


def _locked_open(import_file):
    locked = ImportFile.objects.select_for_update(of=("self",)).select_related("round").get(pk=import_file.pk)
    if locked.state == ImportState.FINISHED:
        raise CannotImport(_("This file was imported already."))
    if locked.state == ImportState.DISCARDED:
        raise CannotImport(_("This import was discarded. Upload the file again."))
    return locked


def _sha256(file):
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return digest


@contextmanager
def _file_only_if_kept(import_file):
    """Delete the stored file again when its row could not be written."""
    try:
        yield
    except BaseException:
        if import_file.file.name and import_file.file._committed:
            import_file.file.storage.delete(import_file.file.name)
        raise
