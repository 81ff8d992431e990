"""Changes to how a round goes from single assessments to decisions: what ranks, from where on, and its other rules."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from checklist.enums import NamesShown, ResultKind
from checklist.models import Assessment, RoundInstrument, RoundRules
from checklist.selectors.instruments import sheet
from proposals.enums import RoundPhase
from screening import audit

RANKING_KINDS = (ResultKind.SHARE, ResultKind.PROFILE)


class CannotSetRules(Exception):
    """The rule cannot be set; the message says why, `field` (or `version_pk`) where."""

    def __init__(self, message, *, field="", version_pk=None):
        super().__init__(message)
        self.field, self.version_pk = field, version_pk


@dataclass(frozen=True)
class Limits:
    """From where on an instrument's result counts: its threshold, and percent of the criteria judged."""

    threshold: Decimal | None = None
    minimum_coverage: int | None = None


@transaction.atomic
def set_rules(*, round_, by, **changes):
    """Change rules of the round, named as the fields of RoundRules, and return them.

    Nothing is written when nothing differs. Raises CannotSetRules where reviewers were promised otherwise.
    """
    RoundRules.objects.get_or_create(round=round_)
    rules = RoundRules.objects.select_for_update().get(round=round_)
    before = {field: getattr(rules, field) for field in changes}
    changed = [field for field, value in changes.items() if before[field] != value]
    if not changed:
        return rules
    if "names_shown" in changed:
        _check_names(round_, changes["names_shown"])
    for field in changed:
        setattr(rules, field, changes[field])
    rules.save(update_fields=changed)
    audit.record(
        "round_rules_set",
        round_,
        by=by,
        round_id=round_.pk,
        before={field: _plain(before[field]) for field in changed},
        after={field: _plain(changes[field]) for field in changed},
    )
    return rules


@transaction.atomic
def set_ranking(*, round_, ranks, limits, by):
    """Say which pinned version puts the proposals in order (or None), and the Limits of each: {version id: Limits}.

    Results that are in do not change by it, only how they are read. Raises CannotSetRules.
    """
    pins = {pin.version_id: pin for pin in _pins(round_)}
    after = {pk: (pk == ranks, limits.get(pk, Limits())) for pk in pins}
    before = {pk: (pin.ranks, Limits(pin.threshold, pin.minimum_coverage)) for pk, pin in pins.items()}
    if before == after and (ranks is None or ranks in pins):
        return
    if round_.phase == RoundPhase.DECIDED:
        raise CannotSetRules(_("The round is decided. What its decisions rested on stays as it is."))
    if ranks is not None and ranks not in pins:
        raise CannotSetRules(_("Only an instrument of this round can put its proposals in order."))
    for pk, (is_ranking, own) in after.items():
        _check_limits(pins[pk].version, is_ranking, own)
    # The constraint allows one at a time.
    round_.instruments.update(ranks=False)
    for pk, pin in pins.items():
        pin.ranks, own = after[pk]
        pin.threshold, pin.minimum_coverage = own.threshold, own.minimum_coverage
        pin.save(update_fields=["ranks", "threshold", "minimum_coverage"])
    changed = [pk for pk in pins if before[pk] != after[pk]]
    audit.record(
        "round_rules_set",
        round_,
        by=by,
        round_id=round_.pk,
        before={pins[pk].version.short_title: _said(*before[pk]) for pk in changed},
        after={pins[pk].version.short_title: _said(*after[pk]) for pk in changed},
    )


def _pins(round_):
    rows = RoundInstrument.objects.filter(round=round_).select_related("version").order_by("position", "pk")
    return rows.select_for_update(of=("self",))


def _check_names(round_, names_shown):
    submitted = Assessment.objects.individual().submitted().counted().filter(proposal__round=round_)
    if names_shown == NamesShown.ALL and submitted.exists():
        raise CannotSetRules(
            _("Assessments are in whose reviewers were told that others see them as letters. This stays so."),
            field="names_shown",
        )


def _check_limits(version, is_ranking, limits):
    if is_ranking and version.result_kind not in RANKING_KINDS:
        raise CannotSetRules(
            _("%(version)s has no result by which proposals can be put in order.") % {"version": version},
            version_pk=version.pk,
        )
    if limits.threshold is None:
        return
    if version.result_kind not in RANKING_KINDS:
        raise CannotSetRules(_("%(version)s has no threshold.") % {"version": version}, version_pk=version.pk)
    highest = 100 if version.result_kind == ResultKind.SHARE else _highest_level(version.pk)
    if not 0 <= limits.threshold <= highest:
        raise CannotSetRules(
            _("The threshold of %(version)s is a number from 0 to %(highest)s.")
            % {"version": version, "highest": highest},
            version_pk=version.pk,
        )


def _highest_level(version_pk):
    return max(criterion.spec.answer_kind.top_rank for criterion in sheet(version_pk).criteria)


def _said(is_ranking, limits):
    """One instrument's place as the audit trail keeps it."""
    return {
        "ranks": is_ranking,
        "threshold": _plain(limits.threshold),
        "minimum_coverage": limits.minimum_coverage,
    }


def _plain(value):
    return str(value) if isinstance(value, Decimal | str) else value
