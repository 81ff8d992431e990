"""What a round still lacks before it can run, and what about it is doubtful."""

from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checklist.models import RoundInstrument, RoundRules
from proposals import phases
from proposals.enums import RoundPhase
from proposals.models import Proposal
from proposals.selectors import windows_of
from screening.enums import RoundRole

# A single rater's reliability in grant review is about .26 in the literature; three give about .51.
ENOUGH_REVIEWERS = 3


@dataclass(frozen=True)
class Finding:
    """One thing to mend at a step of the set-up. What is not missing is only doubtful."""

    step: str
    text: str
    is_missing: bool = True


@dataclass(frozen=True)
class RoundFacts:
    """All that the findings rest on."""

    round: object
    windows: tuple
    pins: tuple
    rules: RoundRules
    people: dict
    proposals: int


def findings_of(round_):
    """Every Finding of the round, in the order of the steps. Five queries, one more where practice comes first."""
    roles = round_.grants.filter(user__is_active=True).values_list("role").annotate(count=Count("pk")).order_by()
    facts = RoundFacts(
        round=round_,
        windows=tuple(windows_of(round_)),
        pins=tuple(RoundInstrument.objects.filter(round=round_).select_related("version").order_by("position", "pk")),
        rules=rules_of(round_),
        people=dict(roles),
        proposals=Proposal.objects.counted().filter(round=round_).count(),
    )
    return [*_dates(facts), *_instruments(facts), *_review(facts), *_people(facts), *_money(facts)]


def rules_of(round_):
    """The rules of the round; where none were set, those that hold then."""
    return RoundRules.objects.filter(round=round_).first() or RoundRules(round=round_)


def _dates(facts):
    round_, windows = facts.round, facts.windows
    review = next((window for window in windows if window.phase == RoundPhase.REVIEW), None)
    if review is None and round_.review_due_on is None:
        yield Finding("facts", _("Say when the review is open, or when assessments are due."))
    elif review is None and round_.follows_dates:
        yield Finding("facts", _("The review has no dates, so nothing opens or closes it."), is_missing=False)
    elif round_.review_due_on and review and review.ends_on and round_.review_due_on > review.ends_on:
        yield Finding("facts", _("Assessments are due after the review has closed."))
    if round_.closes_on is None:
        yield Finding("facts", _("Nothing says until when proposals come in."), is_missing=False)
    for later, earlier in phases.begins_too_early(windows):
        words = {"later": RoundPhase(later).label, "earlier": RoundPhase(earlier).label}
        yield Finding("facts", _("“%(later)s” begins before “%(earlier)s” begins.") % words)


def _instruments(facts):
    if not facts.pins:
        yield Finding("instruments", _("Choose at least one instrument."))
    elif not any(pin.ranks for pin in facts.pins):
        yield Finding("instruments", _("Say which instrument puts the proposals in order."))
    for pin in facts.pins:
        if pin.threshold is not None and pin.minimum_coverage is None:
            text = _("%(instrument)s has a threshold, but nothing says how much must be judged for it to count.")
            yield Finding("instruments", text % {"instrument": pin.version.short_title}, is_missing=False)


def _review(facts):
    wanted, most = facts.round.reviewers_wanted, facts.rules.maximum_load
    if wanted < ENOUGH_REVIEWERS:
        text = ngettext(
            "%(n)s reviewer per proposal: people judge differently. Three together are about twice as reliable as one.",
            "%(n)s reviewers per proposal: people judge differently. Three together are about twice as reliable as one.",
            wanted,
        )
        yield Finding("review", text % {"n": wanted}, is_missing=False)
    if facts.rules.practice_first and not Proposal.objects.filter(round=facts.round, is_practice=True).exists():
        text = _("Reviewers practise first, but no proposal is for practice yet: nobody could begin.")
        yield Finding("review", text)
    reviewers = facts.people.get(RoundRole.REVIEWER, 0)
    if most and reviewers >= wanted and reviewers * most < wanted * facts.proposals:
        words = {"places": reviewers * most, "needed": wanted * facts.proposals}
        text = _("%(needed)s assessments are needed, and the reviewers may take %(places)s at most.")
        yield Finding("review", text % words)


def _people(facts):
    reviewers, wanted = facts.people.get(RoundRole.REVIEWER, 0), facts.round.reviewers_wanted
    if reviewers < wanted:
        words = {"have": reviewers, "wanted": wanted}
        yield Finding("people", _("The round has %(have)s of the %(wanted)s reviewers each proposal needs.") % words)
    if not facts.people.get(RoundRole.PROGRAMME_OFFICER):
        yield Finding("people", _("Name a programme officer: nobody runs the round."))
    if not facts.people.get(RoundRole.CHAIR):
        yield Finding("people", _("No chair: nobody leads the panel or may override a stop."), is_missing=False)


def _money(facts):
    if facts.round.budget is None:
        yield Finding("money", _("Give the budget, so that the ranking can show how far it reaches."))
