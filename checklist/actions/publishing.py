"""From a draft to a version that rounds use: deciding what became of each criterion, publishing, retiring, removing."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checklist.checking import check, stands_in_the_way
from checklist.enums import Comparability, VersionState
from checklist.models import CriterionMatch, InstrumentVersion
from checklist.rules import can_edit_instruments
from checklist.selectors.comparisons import decisions
from checklist.selectors.studio import file_of
from screening import audit

from .instruments import CannotPublishVersion, publish_version
from .studio.values import tidy

__all__ = [
    "CannotDecideMatch",
    "CannotPublishVersion",
    "CannotRemoveDraft",
    "CannotRetireVersion",
    "MatchDecision",
    "decide_matches",
    "publish_draft",
    "remove_draft",
    "retire_version",
]


class CannotDecideMatch(Exception):
    """The decision does not fit what the two versions say; the message says why."""


class CannotRetireVersion(Exception):
    """The version stays in use; the message says why."""


class CannotRemoveDraft(Exception):
    """It stays; the message says why."""


@dataclass(frozen=True)
class MatchDecision:
    """What became of one criterion. `key` is empty for a dropped one, `earlier_key` for a new one."""

    key: str
    earlier_key: str
    verdict: str


@transaction.atomic
def decide_matches(*, version, decided, by, seen=""):
    """Keep what an administrator decided about criteria of a draft; MatchDecisions, in any number.

    A new criterion may be said to continue a dropped one. `seen` is the content hash of the draft that
    the page showed. Raises CannotDecideMatch.
    """
    held = _held_draft(version, CannotDecideMatch, by)
    _check_that_it_was_seen(held, seen, CannotDecideMatch)
    said = decisions(held)
    if said is None:
        raise CannotDecideMatch(_("There is no earlier version to compare with."))
    open_rows = _Rows(said)
    before = {_name(match): match.verdict for match in held.matches.all()}
    for each in decided:
        proposed = open_rows.proposal_for(each)
        _forget(held, each)
        CriterionMatch.objects.create(
            version=held,
            earlier_version=said.earlier,
            key=each.key,
            earlier_key=each.earlier_key,
            proposed=proposed,
            verdict=each.verdict,
            decided_by=by,
        )
    after = {_name(match): match.verdict for match in held.matches.all()}
    changed = [name for name in dict.fromkeys([*before, *after]) if before.get(name) != after.get(name)]
    audit.record_many(
        {
            "event": "criterion_matched",
            "subject": held,
            "by": by,
            "before": {name: before.get(name)},
            "after": {name: after.get(name)},
        }
        for name in changed
    )
    return held


@transaction.atomic
def publish_draft(*, version, change_note, by, seen=""):
    """Freeze a draft so that rounds can use it, with a note on what changed, and return it.

    `seen` is the content hash of the draft that the page showed. Raises CannotPublishVersion while something
    is wrong, a criterion is not decided or the note is missing, when somebody changed the draft since, and for
    whoever is no instrument editor.
    """
    held = _held_draft(version, CannotPublishVersion, by)
    _check_that_it_was_seen(held, seen, CannotPublishVersion)
    held.change_note = tidy(change_note)
    content = file_of(held)
    if not held.change_note:
        raise CannotPublishVersion(_("Say what changed, in a sentence or two. It stays with the version."))
    wrong = len(stands_in_the_way(check(content)))
    if wrong:
        raise CannotPublishVersion(
            ngettext(
                "%(n)s thing is wrong. Put it right first.", "%(n)s things are wrong. Put them right first.", wrong
            )
            % {"n": wrong}
        )
    _check_decisions(held)
    held.content_hash = content.content_hash
    held.save(update_fields=["change_note", "content_hash"])
    publish_version(version=held, by=by)
    _follow_newest(held)
    return held


@transaction.atomic
def retire_version(*, version, by):
    """Let no new round take this version. Rounds and assessments that have it keep it. Raises CannotRetireVersion."""
    _check_editor(by, CannotRetireVersion)
    held = InstrumentVersion.objects.select_for_update().select_related(None).get(pk=version.pk)
    if held.state != VersionState.PUBLISHED:
        raise CannotRetireVersion(_("Only a published version can be retired."))
    held.state, held.retired_at = VersionState.RETIRED, timezone.now()
    held.save(update_fields=["state", "retired_at"])
    audit.record(
        "instrument_retired", held, by=by, before={"state": "published"}, after={"state": VersionState.RETIRED.value}
    )
    return held


@transaction.atomic
def remove_draft(*, version, by):
    """Delete a draft that was never published, with all its steps; its instrument too when nothing else is left of it.

    Raises CannotRemoveDraft.
    """
    held = _held_draft(version, CannotRemoveDraft, by)
    if held.drafts.exists():
        raise CannotRemoveDraft(_("Another draft was started from this one. Remove that one first."))
    instrument = held.instrument
    audit.record("draft_removed", held, by=by, before={"title": held.title, "criteria": held.criteria.count()})
    # A domain is protected by its criteria, so these go first.
    held.criteria.all().delete()
    held.delete()
    if not instrument.versions.exists():
        instrument.delete()


def _check_editor(by, refusal):
    if not can_edit_instruments(by):
        raise refusal(_("Only an instrument editor writes, publishes and retires versions."))


def _held_draft(version, refusal, by):
    """The draft, locked for this transaction; `refusal` is raised when it is none (any more), or `by` may not."""
    _check_editor(by, refusal)
    held = InstrumentVersion.objects.select_for_update().select_related(None).filter(pk=version.pk).first()
    if held is None:
        raise refusal(_("This draft was removed."))
    if held.state != VersionState.DRAFT:
        raise refusal(_("This version is published and never changes."))
    return held


def _check_that_it_was_seen(held, seen, refusal):
    """Refuse to decide about words that somebody wrote after the page was loaded."""
    if seen and seen != file_of(held).content_hash:
        raise refusal(_("The draft has changed in the meantime. Look at the comparison again."))


def _check_decisions(held):
    said = decisions(held)
    if said is None:
        held.matches.all().delete()
        return
    if said.open_count:
        raise CannotPublishVersion(
            ngettext(
                "It is not decided yet what became of %(n)s criterion.",
                "It is not decided yet what became of %(n)s criteria.",
                said.open_count,
            )
            % {"n": said.open_count}
        )
    # What was decided about criteria that are not there any more.
    pairs = {(each.row.key, each.row.earlier_key) for each in said.rows}
    gone = [match.pk for match in held.matches.all() if (match.key, match.earlier_key) not in pairs]
    held.matches.filter(pk__in=gone).delete()


def _follow_newest(version):
    """The instrument is called as its newest version is."""
    instrument = version.instrument
    if not instrument.versions.filter(number__gt=version.number).exclude(state=VersionState.DRAFT).exists():
        instrument.title = version.title
        instrument.save(update_fields=["title"])


def _forget(version, decided):
    """Remove what was decided before about either side of a pair."""
    if decided.key:
        version.matches.filter(key=decided.key).delete()
    if decided.earlier_key:
        version.matches.filter(earlier_key=decided.earlier_key).delete()


def _name(match):
    """ "5", "5 > 5a", "5 (dropped)" as the audit trail names a row."""
    if match.key and match.earlier_key and match.key != match.earlier_key:
        return f"{match.earlier_key} > {match.key}"
    return match.key or match.earlier_key


class _Rows:
    """The rows of a comparison, and which decisions fit them."""

    def __init__(self, said):
        self.by_key = {each.row.key: each.row for each in said.rows if each.row.key}
        self.dropped = {row.earlier_key for row in said.comparison.rows if not row.key}
        self.new = {row.key for row in said.comparison.rows if not row.earlier_key}

    def proposal_for(self, decided):
        """What the program proposed where this was decided; CannotDecideMatch when it does not fit."""
        if decided.verdict not in Comparability.values:
            raise CannotDecideMatch(_("This is not one of the decisions."))
        if not decided.key:
            self._need(decided.earlier_key in self.dropped and decided.verdict == Comparability.DROPPED)
            return Comparability.DROPPED
        if decided.key in self.new:
            joined = decided.earlier_key in self.dropped and decided.verdict in (
                Comparability.REWORDED,
                Comparability.CHANGED,
            )
            self._need(joined or (not decided.earlier_key and decided.verdict == Comparability.NEW))
            return Comparability.NEW
        row = self.by_key.get(decided.key)
        self._need(row is not None and row.earlier_key == decided.earlier_key and decided.verdict in row.choices)
        return row.proposed.value

    @staticmethod
    def _need(fits):
        if not fits:
            raise CannotDecideMatch(_("The draft has changed in the meantime. Look at the comparison again."))
