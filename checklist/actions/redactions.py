"""Words that do not leave the house, and words at which somebody looked and let them stand."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from checklist.models import Redaction
from checklist.report_rules import can_issue_on, can_issue_on_round
from checklist.selectors.naming import letters_by_name
from checklist.sensitive import BY_HAND, BY_LETTER, KINDS, LONGEST, SHORTEST, as_typed, folded
from screening import audit


class CannotRedact(Exception):
    """These words cannot be left out; the message says why."""


class MayNotRedact(CannotRedact):
    """Whoever asks does not issue reports here."""


@transaction.atomic
def decide_on_words(*, text, kind, is_hidden, by, proposal=None, round_=None):
    """Leave words out of the reports on a proposal or a round from now on, or let them stand.

    What was decided before on the same words is replaced. Of the kind BY_LETTER, the words are the name of a
    reviewer and her letter stands in their place. Returns the Redaction. Raises CannotRedact; MayNotRedact for
    whoever does not issue reports on the proposal, or on the whole round.
    """
    if not (can_issue_on(by, proposal) if proposal else can_issue_on_round(by, round_)):
        raise MayNotRedact(_("Only somebody who issues these reports decides which words are left out."))
    text = as_typed(text) if kind == BY_HAND else text
    if kind not in KINDS:
        raise CannotRedact(_("There is no such kind of finding."))
    if not SHORTEST <= len(text) <= LONGEST:
        raise CannotRedact(
            _("Give between %(least)s and %(most)s characters; a single letter is part of too many words.")
            % {"least": SHORTEST, "most": LONGEST}
        )
    if kind == BY_LETTER and not (proposal and is_hidden and folded(text) in letters_by_name(proposal)):
        raise CannotRedact(_("Nobody who was asked to review this proposal has this name."))
    values = {"kind": kind, "is_hidden": is_hidden, "by": by, "at": timezone.now()}
    redaction, _made = Redaction.objects.update_or_create(proposal=proposal, round=round_, text=text, defaults=values)
    subject = proposal or round_
    # The words themselves stay out of the trail: it is read by more people than the report.
    audit.record(
        "words_redacted" if is_hidden else "words_kept",
        subject,
        by=by,
        thread=proposal.thread if proposal else "",
        round_id=proposal.round_id if proposal else round_.pk,
        after={"kind": kind},
    )
    return redaction


@transaction.atomic
def decide_on_findings(*, decisions, by, proposal=None, round_=None):
    """Decide on several runs of words at once: (text, kind, whether they are left out). Returns the Redactions."""
    return [
        decide_on_words(text=text, kind=kind, is_hidden=is_hidden, by=by, proposal=proposal, round_=round_)
        for text, kind, is_hidden in decisions
    ]
