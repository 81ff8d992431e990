"""From a report that was looked at to one that left the house under a number."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from checklist.actions.issuing import CannotIssue, issue_report
from checklist.enums import ReportKind
from checklist.report_rules import can_issue_in_round, can_issue_on_round
from checklist.selectors.issued import next_number, series_of
from checklist.selectors.naming import words_for_reviewers
from checklist.selectors.questions import words_kept_inside
from checklist.selectors.redactions import open_findings, proposal_and_round

from .making import LETTERS, Stamp, document_of, maker_of, subject_key

TO_APPLICANT = (ReportKind.FEEDBACK, ReportKind.QUESTIONS, ReportKind.DECISION)


def may_issue(user, maker, subject):
    """Whether she may send this report out of the house: she may make it, and issues reports in the round.

    A report on the whole round is issued by somebody to whom all of it is open: what a conflict of interest
    closes to her would be missing, and the issue would take the place of a complete one.
    """
    proposal, round_ = proposal_and_round(maker.holders(subject))
    may_issue_here = can_issue_in_round if proposal else can_issue_on_round
    return may_issue_here(user, round_) and maker.may_read(user, subject)


def issue(kind, pk, options, *, by):
    """The issue of the state as it is: the newest one where nothing changed since, else a new one.

    Raises CannotIssue.
    """
    maker = maker_of(kind)
    subject = maker.load(pk)
    if subject is None or by is None or not may_issue(by, maker, subject):
        raise CannotIssue(_("You may not issue this report any more."))
    report = maker.build(subject, options, by)
    refuse_unseen(report, maker.holders(subject), words_inside(maker, subject, options, report, by))
    key = subject_key(maker, subject, options)
    newest = newest_issue(key)
    if newest and is_current(newest, maker, subject, options, report):
        return newest
    stamp = Stamp(next_number(maker.kind, maker.holders(subject)), timezone.now(), newest.number if newest else "")
    document = document_of(maker, subject, options, report, stamp)
    return issue_report(
        kind=maker.kind,
        holders=maker.holders(subject),
        content_key=document.content_key,
        made=document.make(),
        language=report.language,
        subject_key=key,
        stamp=stamp,
        supersedes=newest,
        by=by,
    )


def words_inside(maker, subject, options, report, by):
    """Words that go out only after a look.

    To an applicant: people of the round but for who writes, other proposals. In a scorecard that calls its
    reviewer by a letter: the names of reviewers, because she may have written one.
    """
    proposal, _round = proposal_and_round(maker.holders(subject))
    if maker.kind == ReportKind.SCORECARD and options.names == LETTERS:
        return words_for_reviewers(proposal)
    if maker.kind not in TO_APPLICANT:
        return []
    with override(report.language):
        found = words_kept_inside(proposal, getattr(subject, "sent_by", None) or by)
    return [word for word in found if not word.isdecimal()]


def refuse_unseen(report, holders, inside=()):
    """Raise CannotIssue while a finding of the check was not looked at."""
    waiting = len(open_findings(report, holders, inside))
    if waiting:
        text = ngettext(
            "%(n)s place looks sensitive and nobody has looked at it yet.",
            "%(n)s places look sensitive and nobody has looked at them yet.",
            waiting,
        )
        raise CannotIssue(text % {"n": waiting})


def newest_issue(key):
    """The issue of one line that counts, or None; one of which the paper is not on record only where no other does."""
    found = list(series_of(key).filter(superseded_by__isnull=True))
    return next((each for each in found if each.subject_key == key), found[0] if found else None)


def is_current(issued, maker, subject, options, report):
    """Whether an issue says what the report would say now: the same bytes under the same number."""
    stamp = Stamp(issued.number, issued.issued_at, issued.supersedes.number if issued.supersedes else "")
    return document_of(maker, subject, options, report, stamp).content_key == issued.content_key
