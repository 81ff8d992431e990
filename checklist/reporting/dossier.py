"""The dossier: everything on one proposal or one round in a zip, as far as one person may read it."""

from __future__ import annotations

import json
from itertools import islice

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from checklist.codebook import codebook_table
from checklist.exports import LONG, SHAPES, WITH_CONSENSUS, table_of
from checklist.facts import proposal_facts
from checklist.report_rules import can_take_reports_on
from checklist.selectors.dossiers import proposals_to_take, read_together, reports_to_take
from checklist.selectors.history import history_of
from checklist.selectors.scores import scored_assessments, sheets_to_export
from screening.json_tables import write_json
from screening.tabular import write_csv
from screening.zips import Entry, Names, file_entry, safe_name, stream_zip, text_entry

FORMAT = "screening-dossier/1"
# So many proposals of a round are read at once.
TOGETHER = 10


def proposal_dossier(proposal, user):
    """The zip in pieces."""
    names, lost, at = Names(), [], timezone.now()

    def entries():
        sheets = sheets_to_export(user, proposal.round, get_language(), kinds=WITH_CONSENSUS)
        yield text_entry(names("", "README.txt"), at, readme(proposal))
        taken = read_together(user, proposal.round, [proposal], WITH_CONSENSUS)
        yield from _of_proposal(proposal, taken[proposal.pk], sheets, user, names, "", lost)

    return stream_zip(entries(), lambda: _about(proposal, user, lost), at)


def round_dossier(round_, user):
    """The zip in pieces: what belongs to the round, then a folder for each proposal she may take.

    Each proposal is asked about again when its turn comes: a conflict may have closed it by then.
    """
    names, lost, at = Names(), [], timezone.now()

    def entries():
        sheets = sheets_to_export(user, round_, get_language(), kinds=WITH_CONSENSUS)
        yield text_entry(names("", "README.txt"), at, readme(round_))
        yield from _data(
            round_, lambda: scored_assessments(user, round_, kinds=WITH_CONSENSUS), sheets, names, "round/data/", at
        )
        for report in reports_to_take(user, round=round_):
            yield from _report(report, names, "round/reports/", lost)
        waiting = proposals_to_take(user, round_).iterator(chunk_size=50)
        while together := list(islice(waiting, TOGETHER)):
            taken = read_together(user, round_, together, WITH_CONSENSUS)
            for proposal in together:
                user.__dict__.pop("_access_levels", None)
                if can_take_reports_on(user, proposal):
                    folder = f"{safe_name(proposal.reference)}/"
                    yield from _of_proposal(proposal, taken[proposal.pk], sheets, user, names, folder, lost)

    return stream_zip(entries(), lambda: _about(round_, user, lost), at)


def dossier_name(subject):
    """The name of the zip file."""
    return f"dossier-{slugify(subject.reference)}.zip"


def _about(subject, user, lost):
    return {
        "format": FORMAT,
        "reference": subject.reference,
        "title": subject.title,
        "exported_at": timezone.now().isoformat(),
        "exported_by": str(user),
        "files_missing_from_the_store": lost,
    }


# -- One proposal -------------------------------------------------------------------------------


def _of_proposal(proposal, taken, sheets, user, names, folder, lost):
    entries = list(history_of(proposal.thread, user))
    at = max((entry.at for entry in entries), default=proposal.created_at)
    for report in [*taken.reports, *taken.scorecards]:
        yield from _report(report, names, f"{folder}reports/", lost)
    for document in taken.documents:
        name = names(f"{folder}documents/", document.name)
        if document.file and document.file.storage.exists(document.file.name):
            yield file_entry(name, document.added_at, document.file, received_as=document.name, kind=document.kind)
        else:
            lost.append(name)
    yield text_entry(names(f"{folder}data/", "proposal.json"), at, _facts(proposal))
    yield from _data(proposal.round, lambda: taken.scored, sheets, names, f"{folder}data/", at)
    yield from _history(entries, names, f"{folder}history/", at)


def _report(report, names, folder, lost):
    who = f"-a{report.assessment_id}" if report.assessment_id else ""
    number = f"-{slugify(report.number.rpartition('/')[2])}" if report.number else ""
    letters = "-letters" if report.names == "letters" else ""
    name = names(folder, f"{report.kind}{who}-{report.language}{letters}{number}.pdf")
    if not report.file.storage.exists(report.file.name):
        lost.append(name)
        return
    facts = {"number": report.number, "pages": report.page_count, "made_at": report.made_at.isoformat()}
    yield file_entry(name, report.made_at, report.file, **facts)


def _facts(proposal):
    """What was asked for, as the reports say it."""
    known = {
        "reference": proposal.reference,
        "title": proposal.title,
        "summary": proposal.summary,
        "state": proposal.status,
        "facts": dict(proposal_facts(proposal)),
    }
    return json.dumps(known, ensure_ascii=False, indent=1)


def _data(round_, scored, sheets, names, folder, at):
    """Answers and assessments in both formats. `scored()` gives the assessments, from the first on each time."""
    for shape in SHAPES:
        name = "answers" if shape == LONG else "assessments"
        found = table_of(scored(), sheets, shape)
        titles = [column.label for column in found.columns]
        yield Entry(names(folder, f"{name}.csv"), at, write_csv(titles, found.rows))
        found = table_of(scored(), sheets, shape)
        about = {"round": round_.reference, "shape": shape, "language": get_language()}
        keys = [column.key for column in found.columns]
        yield Entry(names(folder, f"{name}.json"), at, write_json(about, keys, found.rows))
    titles, rows = codebook_table(sheets)
    yield Entry(names(folder, "codebook.csv"), at, write_csv(titles, rows))


# -- History ------------------------------------------------------------------------------------


def _history(entries, names, folder, at):
    keys = ("at", "by", "what", "note", "changes")
    titles = [_("At"), _("By"), _("What"), _("Note"), _("Changes")]
    rows = [
        [entry.at, entry.by, entry.text, entry.note, _changes(entry)]
        for entry in sorted(entries, key=lambda entry: entry.at)
    ]
    yield Entry(names(folder, "history.csv"), at, write_csv(titles, rows))
    yield Entry(names(folder, "history.json"), at, write_json({}, keys, rows))


def _changes(entry):
    if entry.is_hidden:
        return _("not open to you")
    return "; ".join(f"{field}: {before} → {after}" for field, before, after in entry.changes)


# -- In words -----------------------------------------------------------------------------------


def readme(subject):
    """What lies where, in plain words."""
    lines = [
        _("Dossier of %(reference)s: %(title)s") % {"reference": subject.reference, "title": subject.title},
        "",
        _("reports: finished PDFs. Each carries its data inside. What has a number has left the house."),
        _("documents: what the applicant sent, as it was received. Take care before you open it."),
        _("data: every answer as given. assessments has a row per assessment, answers a row per answer."),
        _("codebook.csv says what each column and each answer code means."),
        _("history: who did what and when, as far as you may read it."),
        _("manifest.json: every file with its size and SHA-256, so that you can see that none was changed."),
        "",
        _("Left out: what is closed to you, what is removed, and reports that nobody has made yet."),
        _("It holds what reviewers wrote in confidence. Keep it where only those may read it who need it."),
        "",
    ]
    return "\n".join(lines)
